// What the reader says of a reply: kept in a file on the server's machine, where the server keeps such a file.

export class Judging {
  constructor(conversation) {
    this.conversation = conversation;
    this.file = null;
    fetch('/v1/feedback').then((answer) => answer.json()).then(({ file }) => {
      this.file = file;
      document.body.classList.toggle('judging', file !== null);
    }).catch(() => { /* then nothing is asked either */ });
  }

  async judge(position, right) {
    const turn = this.conversation.turns[position];
    if (!turn) return;
    let line = '';
    try {
      const answer = await fetch('/v1/feedback', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ reply: turn.reply, right }),
      });
      if (answer.ok) this.conversation.mark(position, right);
      else line = (await answer.json()).error;
    } catch {
      line = 'The server cannot be reached.';
    }
    this.failed = line && { position, line };
    this.draw();
  }

  /** Gradio may have drawn the replies anew. */
  draw() {
    let position = -1;
    // In the order of the page, so that the questions are counted on the way.
    for (const one of document.querySelectorAll('#chat .user-row, #chat .reply')) {
      if (one.matches('.user-row')) position += 1;
      const judge = one.matches('.reply') && one.querySelector('.judge');
      if (!judge) continue;
      const right = this.conversation.turns[position]?.right;
      judge.querySelector('.right').setAttribute('aria-pressed', right === true);
      judge.querySelector('.wrong').setAttribute('aria-pressed', right === false);
      const kept = right === undefined ? '' : `Noted in ${this.file}`;
      const noted = this.failed?.position === position ? this.failed.line : kept;
      const told = judge.querySelector('.noted');
      if (told.textContent !== noted) told.textContent = noted;
    }
  }
}
