"use strict";
// Puts together what was made by real handshakes; nothing is computed or asked for here.
const parts = ["core_client", "edge_server", "core_server", "edge_client"];
const control = (name) => document.getElementById(name);
let table, before;

const slot = (name) => `${control(name + "-issuer").value}/${control(name + "-eku").value}`;
const mode = (name) => document.querySelector(`input[name=${name}]:checked`).value;

// A serverAuth-only client certificate that equals the server certificate is a copy of it.
function key() {
  const own = slot("core_client");
  const copy = own.endsWith("/server") && own === slot("core_server") ? "copy" : "";
  return [own, slot("edge_server"), mode("edge"), mode("core"), copy].join("|");
}

function scene() {
  const [summary, picture] = table.states[key()];
  return [summary, picture.replace(/\{\{(\w+)\.(\d)\}\}/g,
    (_all, name, number) => table.pieces[name][slot(name)][Number(number)])];
}

const told = (element) => Object.fromEntries([...element.querySelectorAll(".eku-item")].map(
  (item) => [item.firstChild.textContent.trim(), item.querySelector(".eku-state").textContent]));

function show() {
  const [summary, picture] = scene();
  control("summary").innerHTML = summary;
  control("picture").innerHTML = picture;
  const now = told(control("summary"));
  const changed = Object.keys(now).filter((name) => before && before[name] !== now[name]);
  control("changed").textContent = changed.length
    ? "Changed: " + changed.map((name) => `${name} ${before[name]} → ${now[name]}`).join(" · ")
    : before ? "Changed: no state" : "";
  before = now;
  const name = Object.keys(table.scenes).find((one) => table.scenes[one] === JSON.stringify(all()));
  for (const button of document.querySelectorAll("input[name=condition]"))
    button.checked = button.value === name;
  control("headline").textContent = name ? table.titles[name] : table.own;
  history.replaceState(null, "", "#" + encodeURIComponent(JSON.stringify(all())));
}

const all = () => [...parts.map(slot), mode("edge"), mode("core")];

function set(values) {
  parts.forEach((name, place) => {
    const [issuer, eku] = values[place].split("/");
    control(name + "-issuer").value = issuer;
    control(name + "-eku").value = eku;
  });
  for (const [place, name] of [[4, "edge"], [5, "core"]])
    document.querySelector(`input[name=${name}][value=${values[place]}]`).checked = true;
}

// What stands in the address is another's text: only what the controls offer is taken.
function linked() {
  try {
    const values = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    return [...values.slice(0, 2), ...values.slice(4), ""].join("|") in table.states
      && values.slice(2, 4).every((word) => word in table.pieces.core_server) ? values : null;
  } catch { return null; }
}

async function start() {
  const bytes = Uint8Array.from(atob(control("table").textContent.trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  table = JSON.parse(await new Response(stream).text());
  set(linked() || JSON.parse(table.scenes[table.start]));
  show();
  control("controls").addEventListener("change", (event) => {
    if (event.target.name === "condition") set(JSON.parse(table.scenes[event.target.value]));
    show();
  });
  control("waiting").remove();
}

start().catch((error) => {
  control("waiting").textContent =
    `This browser cannot open the table of states (${error.message}). Use one of 2023 or newer.`;
});
