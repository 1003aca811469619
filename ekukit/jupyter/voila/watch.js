// Tells within five seconds when the page is on its own: the kernel has ended, the server does not
// answer, or a click has no answer. All that stood there is covered, for it may be wrong.
// A kernel that has ended is gone from the server's list (it is never restarted empty).
const Watch = (base, title) => {
  const EACH = 1000, PATIENCE = 1300, AGAIN = 2500, ANSWER = 3500, LEAVING = 3000;
  const WORDS = {
    ended: ["The kernel has ended",
      "Nothing here would change any more, and what stood here could be wrong; it is hidden.",
      "Start again"],
    lost: ["The connection is lost",
      "The server on the presenter's machine does not answer; what stood here is hidden. " +
      "If it was stopped: run ekukit present again and open the address that it prints.",
      "Start again"],
    strange: ["The server was started anew",
      "It has another token, so this page cannot go on. Open the address that ekukit present " +
      "prints now.", "Start again"],
    late: ["No answer yet",
      "The last click has had no answer for some seconds; what stood here is hidden until it comes.",
      "Start again"],
  };
  let told = null, kernel = null, socket = null, asked = 0, failed = 0, left = -LEAVING, dropped = 0;
  const box = document.getElementById("eku-stopped");
  const [head, words, button, said] = ["h1", "p", "button", "[role=status]"].map(
    name => box.querySelector(name));

  const tell = what => {
    if (told === what || performance.now() - left < LEAVING) return;
    told = what;
    [head.textContent, words.textContent, button.textContent] = WORDS[what];
    said.textContent = "";
    document.title = `${WORDS[what][0]} · ${title}`;
    document.body.classList.add("eku-is-stopped");
    for (const other of document.body.children) if (other !== box) other.inert = true;
    box.hidden = false;
    button.focus();
  };
  const untell = () => {
    if (told === null) return;
    told = null;
    document.title = title;
    document.body.classList.remove("eku-is-stopped");
    for (const other of document.body.children) other.inert = false;
    box.hidden = true;
  };

  // Whoever is logged in is sent on from there; a stranger gets the form.
  const LOGIN = "login", SENT_ON = 302;
  // The state of the server: a status, or 0 for no answer.
  const ask = async path => {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(base + path, {signal: stop.signal, cache: "no-store",
        redirect: "manual"});
      return answer.type === "opaqueredirect" ? SENT_ON : answer.status;
    } catch { return 0; } finally { clearTimeout(timer); }
  };
  const find = () => {
    const given = document.getElementById("jupyter-config-data");
    try { kernel = kernel || (given && JSON.parse(given.textContent).kernelId); } catch { }
    return kernel ? `api/kernels/${kernel}` : LOGIN;
  };
  const judge = status => {
    const now = performance.now();
    failed = status ? 0 : failed + 1;
    const closed = socket && socket.readyState > WebSocket.OPEN;
    dropped = closed ? dropped || now : 0;
    if (told === "ended" || told === "strange") return;
    if (status === 404 && kernel) tell("ended");
    else if (kernel ? [SENT_ON, 401, 403].includes(status) : status === 200) tell("strange");
    else if (failed > 1 || (dropped && now - dropped > AGAIN)) tell("lost");
    else if (asked && now - asked > ANSWER) tell("late");
    // Nothing was missed on a socket that never closed; another one begins with a new page.
    else if (status === 200 && !closed && !Socket.second) untell();
  };
  let turn = 0;
  const look = async () => {
    const mine = ++turn;
    clearTimeout(look.timer);
    const status = await ask(find());
    if (mine !== turn) return;
    judge(status);
    if (told !== "ended") look.timer = setTimeout(look, failed ? EACH / 2 : EACH);
  };

  // The kernel's own socket tells at once, and shows whether a click has been answered.
  class Socket extends WebSocket {
    static second = false;
    constructor(...given) {
      super(...given);
      if (!/\/channels(\?|$)/.test(String(given[0]))) return;
      Socket.second = socket !== null && told !== null;
      socket = this;
      this.addEventListener("message", () => { asked = 0; });
      this.addEventListener("close", look);
    }
    send(data) {
      if (this === socket) asked = asked || performance.now();
      super.send(data);
    }
  }
  window.WebSocket = Socket;

  button.addEventListener("click", async () => {
    said.textContent = "Asking the server …";
    const status = await ask(LOGIN);
    if (status === SENT_ON) window.location.reload();
    else if (status) tell("strange");
    else said.textContent = "Still no answer.";
  });
  // A page that is being left closes its socket itself; that is no loss.
  for (const name of ["beforeunload", "pagehide"])
    window.addEventListener(name, () => { left = performance.now(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  look();
};
