// What the page adds to widgets, whichever they are and whenever they appear.
// One stop for a group of radio buttons; a presenter's clicker; the address's hash for a panel (see
// ekukit/views/panels/address_hash.py); files over the limit refused before they are sent.
const Controls = most => {
  let groups = 0;
  const group = box => {
    const label = box.closest(".widget-radio")?.querySelector(".widget-label");
    box.dataset.ekuGroup = box.dataset.ekuGroup || `eku-group-${++groups}`;
    box.setAttribute("role", "radiogroup");
    if (label?.textContent) box.setAttribute("aria-label", label.textContent);
    for (const one of box.querySelectorAll("input[type=radio]"))
      if (one.name !== box.dataset.ekuGroup) one.name = box.dataset.ekuGroup;
  };

  const field = () => document.querySelector(".eku-hash input");
  const given = () => {
    try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; }
  };
  let bridge = null, shown = "";
  const put = () => {
    shown = bridge.value = given();
    for (const name of ["input", "change"]) bridge.dispatchEvent(new Event(name, {bubbles: true}));
  };
  const mirror = () => {
    const found = field();
    if (found && found !== bridge) {
      bridge = found;
      if (given() && given() !== bridge.value) put();
      else { shown = null; arrived(); }
    }
    if (!bridge || bridge.value === shown) return;
    shown = bridge.value;
    const hash = shown ? "#" + encodeURIComponent(shown).replace(/%(2C|3D|3A|2F)/g, unescape) : "";
    history.replaceState(history.state, "", location.pathname + location.search + hash);
  };
  // What is drawn before the panel knows the address is not hidden yet.
  const arrived = () => document.body.classList.remove("eku-arriving");
  if (/(^|,)hidden(,|$)/.test(given())) {
    document.body.classList.add("eku-arriving");
    setTimeout(arrived, 30000);
  }
  setInterval(() => { if (document.querySelector(".eku-opened")) arrived(); mirror(); }, 200);
  window.addEventListener("hashchange", () => { if (bridge && given() !== bridge.value) put(); });

  const refuse = (event, chosen, place) => {
    place.parentNode.querySelector(".eku-refused")?.remove();
    const megabytes = [...chosen.files].reduce((sum, file) => sum + file.size, 0) / (1 << 20);
    if (megabytes <= most) return;
    event.stopImmediatePropagation();
    const told = document.createElement("p");
    told.className = "eku-refused";
    told.setAttribute("role", "alert");
    told.textContent = `✗ ${Math.ceil(megabytes)} MB were chosen and not sent; through the ` +
      `browser at most ${most} MB can be given. Give the file's path instead.`;
    place.after(told);
    chosen.value = "";
  };
  // The widget's field is on no page; its button presses it. Capturing comes before the widget.
  const pressed = HTMLInputElement.prototype.click, known = new WeakMap();
  HTMLInputElement.prototype.click = function () {
    if (this.type === "file") {
      const first = !known.has(this);
      known.set(this, document.activeElement);
      if (first) this.addEventListener("change", e => refuse(e, this, known.get(this)), true);
    }
    pressed.call(this);
  };

  // A clicker sends PageDown and PageUp; arrows do the same where no control takes them.
  const keys = {PageDown: 1, ArrowRight: 1, PageUp: -1, ArrowLeft: -1};
  const seen = found => [...document.querySelectorAll(found)].filter(one => one.offsetParent);
  const top = () => window.scrollTo({top: 0});
  const typed = "textarea, input:not([type=checkbox], [type=radio], [type=button])";
  document.addEventListener("keydown", event => {
    const by = keys[event.key], at = document.activeElement;
    if (!by || event.altKey || event.ctrlKey || event.metaKey || at?.matches(typed)) return;
    if (event.key.startsWith("Arrow") && at?.matches("select, input, [role=tab]")) return;
    const box = at?.closest("[tabindex='0'][role=group], [tabindex='0'][role=region]");
    if (box && (box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth)) return;
    const [back, on] = seen(".eku-steps button"), [scenes] = seen(".eku-scenes select");
    if (on) (by > 0 ? on : back).click();
    else if (scenes) {
      const next = scenes.selectedIndex + by;
      if (next in scenes.options) {
        scenes.selectedIndex = next;
        scenes.dispatchEvent(new Event("change", {bubbles: true}));
      }
      top();
    } else return;
    event.preventDefault();
  }, true);
  document.addEventListener("click", event => {
    if (event.target.closest(".eku-steps button")) top();
  });

  const all = () => document.querySelectorAll(".widget-radio-box").forEach(group);
  new MutationObserver(all).observe(document.body, {childList: true, subtree: true});
  all();
};
