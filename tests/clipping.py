"""A judge of layout: whether each control of a page is there as a whole, for whoever looks."""

from playwright.sync_api import Page

# Widths and heights of a telephone and of three projectors, in pixels at 100 %.
SCREENS = ((390, 844), (1280, 720), (1920, 1080), (3840, 2160))
ZOOMS = (1.0, 1.5)
_CLIPPED = r"""() => {
  const SLACK = 1.5, found = [];
  const px = number => Math.round(number);
  const name = e => {
    const label = e.getAttribute("aria-label") || e.labels?.[0]?.innerText ||
      e.querySelector(".widget-label")?.innerText || e.innerText || e.title || "";
    const kind = [...e.classList].find(c => /^(widget|eku)-/.test(c)) || "";
    const short = label.trim().replace(/\s+/g, " ").slice(0, 30);
    return `${e.tagName.toLowerCase()}${kind && "." + kind} ${short}`.trim();
  };
  const cuts = style => style !== "visible";
  // A list shows one option and says nothing of how much of it is cut off.
  const wanted = list => {
    const probe = list.cloneNode(false);
    probe.append(new Option(list.selectedOptions[0]?.text || ""));
    probe.style.cssText = "position: absolute; visibility: hidden; width: auto; flex: none";
    list.after(probe);
    const width = probe.offsetWidth;
    probe.remove();
    return width;
  };
  const own = e => {
    const style = getComputedStyle(e), told = [];
    if (e.matches("[tabindex='0']") && /auto|scroll/.test(style.overflowX)) return told;
    if (e.tagName === "SELECT" && wanted(e) > e.offsetWidth + SLACK)
      told.push(`shows ${e.offsetWidth} of ${wanted(e)} px`);
    const field = e.tagName === "INPUT" || e.tagName === "TEXTAREA";
    if ((field || cuts(style.overflowX)) && e.scrollWidth > e.clientWidth + SLACK)
      told.push(`content ${e.scrollWidth} px wide in ${e.clientWidth}`);
    if (!field && cuts(style.overflowY) && e.scrollHeight > e.clientHeight + SLACK)
      told.push(`content ${e.scrollHeight} px high in ${e.clientHeight}`);
    return told;
  };
  const around = e => {
    const box = e.getBoundingClientRect(), told = [];
    // The whole page scrolls in a box of Voila's around all cells.
    const cells = document.getElementById("rendered_cells") || document.body;
    for (let up = e.parentElement; up && !up.contains(cells); up = up.parentElement) {
      const style = getComputedStyle(up), edge = up.getBoundingClientRect();
      if (style.position === "fixed") break;
      if (cuts(style.overflowX) &&
          (box.right > edge.right + SLACK || box.left < edge.left - SLACK))
        told.push(`${px(Math.max(box.right - edge.right, edge.left - box.left))} px beside`);
      if (cuts(style.overflowY) &&
          (box.bottom > edge.bottom + SLACK || box.top < edge.top - SLACK))
        told.push(`${px(Math.max(box.bottom - edge.bottom, edge.top - box.top))} px below`);
      if (told.length) { told[told.length - 1] += ` ${name(up).slice(0, 40)}`; break; }
    }
    const right = document.documentElement.clientWidth;
    if (box.right > right + SLACK) told.push(`${px(box.right - right)} px past the right edge`);
    if (box.left < -SLACK) told.push(`${px(-box.left)} px past the left edge`);
    return told;
  };
  const controls = "button, select, textarea, input, label, .widget-label, .widget-label-basic, " +
    ".widget-radio-box, .widget-radio, .widget-checkbox, summary, a[href], [tabindex='0']";
  for (const e of document.querySelectorAll(controls)) {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height || !e.checkVisibility({checkVisibilityCSS: true})) continue;
    if (e.matches(".eku-scroll *")) continue;
    const told = [...own(e), ...around(e)];
    if (told.length) found.push(`${name(e)}: ${told.join("; ")}`);
  }
  return found;
}"""


def clipped(page: Page) -> list[str]:
    """Return each control that is not there as a whole, and by how many CSS pixels.

    A control is clipped when its content is larger than its own box, when it sticks out of
    something around it that cuts off or scrolls, or when it passes the left or right edge of the
    page. Below the lower edge of the screen is no fault: the page itself scrolls; nor is a wide
    table, and what stands in it, in a box that scrolls and is a stop of the Tab key. What is drawn
    inside a picture is not measured.
    """
    found: list[str] = page.evaluate(_CLIPPED)
    return found


def resize(page: Page, screen: tuple[int, int], zoom: float) -> None:
    """Give the page a screen and a browser's zoom, which for the layout is a smaller screen."""
    width, height = screen
    page.set_viewport_size({"width": round(width / zoom), "height": round(height / zoom)})
    page.wait_for_timeout(150)


def settle(page: Page) -> None:
    """Wait until what a click asked for is drawn: nothing has changed for a second."""
    page.evaluate(
        """() => new Promise(done => {
            const wait = () => setTimeout(done, 1000);
            let timer = wait();
            const seen = new MutationObserver(() => { clearTimeout(timer); timer = wait(); });
            seen.observe(document.body, {childList: true, subtree: true, characterData: true});
        })"""
    )
