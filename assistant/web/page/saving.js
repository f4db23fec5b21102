// The conversation as a file: made by the server, which checks every quote again, and downloaded.

const at = (id) => document.getElementById(id);

export async function save(format, turns) {
  let line = '';
  try {
    const answer = await fetch('/v1/export', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ format, turns: turns.filter(Boolean).map(({ question, reply }) => ({ question, reply })) }),
    });
    if (answer.ok) {
      const named = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') || '');
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await answer.blob());
      link.download = named ? named[1] : `conversation.${format}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    } else {
      line = (await answer.json()).error;
    }
  } catch {
    line = 'The server cannot be reached.';
  }
  at('saving').textContent = line;
}
