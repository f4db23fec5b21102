"""Over HTTP: the page, Gradio's chat, the API, the tools of agents."""
