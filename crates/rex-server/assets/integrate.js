// Makes the tag of the widget of what a publisher chooses, and shows it live. Without it, the page has the tag as it is where
// nothing is chosen. That text is the one place where the code to copy is written: what is chosen is put into it.

/** Least contrast of a text with its ground (WCAG 1.4.3). */
const LEGIBLE = 4.5;
const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];
/** The grounds of boxes in the widget, the least favourable ones, and its text on a light accent (look.css). */
const LIGHT_GROUND = [244, 247, 246];
const DARK_GROUND = [32, 41, 40];
const DARK_TEXT = "#0d1a19";
/** The words of the form within the tag, which a page in English should not read in French. */
const ENGLISH = [["Rechercher un cas", "Find a case"], ["Rechercher", "Search"]];
/** Milliseconds without typing before the widget follows. */
const PAUSE = 250;

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function find(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`no ${type.name} #${id}`);
  return element;
}

const form = find("reglages", HTMLFormElement);
const preview = find("preview", HTMLElement);
const snippet = find("snippet", HTMLElement);
const copy = find("copy", HTMLButtonElement);
const copied = find("copied", HTMLElement);
const coloured = find("coloured", HTMLInputElement);
const colour = find("colour", HTMLInputElement);
const synced = find("sync-url", HTMLInputElement);
const plain = snippet.textContent ?? "";

/** What the controls say, as attributes of the tag: only what differs from the defaults. */
function attributes() {
  /** @type {Map<string, string>} */
  const said = new Map();
  for (const control of /** @type {NodeListOf<HTMLInputElement | HTMLSelectElement>} */ (form.querySelectorAll("[data-attribute]"))) {
    const name = control.dataset.attribute ?? "";
    if (control instanceof HTMLInputElement && control.type === "checkbox") {
      if (control.checked) said.set(name, "");
      continue;
    }
    const value = control.value.trim();
    const isDefault = control instanceof HTMLInputElement && value === control.defaultValue;
    if (value && !isDefault && control.checkValidity()) said.set(name, value);
  }
  const facets = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[name=facets]")]);
  const shown = facets.filter((facet) => facet.checked);
  if (shown.length < facets.length) said.set("facets", shown.map((facet) => facet.value).join(","));
  if (synced.checked) said.set("sync-url", find("prefix", HTMLInputElement).value.trim());
  return said;
}

/**
 * The style of the colour that is chosen, empty for that of Rex. In the dark, where it may be too dark to read, a lighter tint
 * of it stands in.
 * @returns {[string, string][]}
 */
function properties() {
  if (!coloured.checked) return [];
  const chosen = colour.value;
  const over = contrast(channels(chosen), WHITE) < LEGIBLE ? DARK_TEXT : "#ffffff";
  const tint = hex(legible(channels(chosen), WHITE, DARK_GROUND));
  const scheme = find("color-scheme", HTMLSelectElement).value;
  const pair = (/** @type {string} */ light, /** @type {string} */ dark) => {
    if (scheme === "light" || light === dark) return light;
    return scheme === "dark" ? dark : `light-dark(${light}, ${dark})`;
  };
  return [["--rex-accent", pair(chosen, tint)], ["--rex-on-accent", pair(over, DARK_TEXT)]];
}

/**
 * The code to copy.
 * @param {Map<string, string>} said
 * @param {[string, string][]} styles
 * @returns {string}
 */
function code(said, styles) {
  const integrity = find("integrity", HTMLInputElement).checked
    ? ` crossorigin="anonymous" integrity="${escaped(form.dataset.integrity ?? "")}"`
    : "";
  const spelled = [...said].map(([name, value]) => (isFlag(name, value) ? ` ${name}` : ` ${name}="${escaped(value)}"`)).join("");
  const text = (said.get("lang") === "en" ? inEnglish(plain) : plain)
    .replace("></script>", (end) => integrity + end)
    .replace(/(<rex-search [^>]*)>/, (_, tag) => `${tag}${spelled}>`)
    .replace(/\n *<\/form>/, (end) => hidden(said) + end);
  const rules = styles.map(([name, value]) => `${name}: ${value}`).join("; ");
  return rules ? `<style>rex-search { ${rules} }</style>\n${text}` : text;
}

/**
 * The filters that always apply, for the form within the tag: it finds the same cases.
 * @param {Map<string, string>} said
 * @returns {string}
 */
function hidden(said) {
  const presets = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("[data-preset]")]);
  const inputs = presets.flatMap(({ dataset: { attribute: name = "" } }) =>
    (said.get(name) ?? "").split("|").map((value) => value.trim()).filter(Boolean)
      .map((value) => `\n    <input type="hidden" name="${name}" value="${escaped(value)}">`));
  return inputs.join("");
}

/** @param {string} text */
function inEnglish(text) {
  return ENGLISH.reduce((translated, [french = "", english = ""]) => translated.replace(french, english), text);
}

/**
 * Whether an attribute says all by being there.
 * @param {string} name
 * @param {string} value
 */
function isFlag(name, value) {
  return value === "" && name !== "facets";
}

/**
 * A text as the value of an attribute between double quotes.
 * @param {string} text
 */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/**
 * The widget as the code would show it. It stays where it is: only what changed makes it search again.
 * @param {Map<string, string>} said
 * @param {[string, string][]} styles
 */
function show(said, styles) {
  for (const name of preview.getAttributeNames()) if (name !== "id" && !said.has(name)) preview.removeAttribute(name);
  for (const [name, value] of said) if (preview.getAttribute(name) !== value) preview.setAttribute(name, value);
  for (const name of ["--rex-accent", "--rex-on-accent"]) preview.style.removeProperty(name);
  for (const [name, value] of styles) preview.style.setProperty(name, value);
}

/** Says what would not work, in words. */
function warn() {
  const isColoured = coloured.checked;
  find("colour-setting", HTMLElement).hidden = !isColoured;
  find("prefix-setting", HTMLElement).hidden = !synced.checked;
  // On a dark ground, the tint that stands in is legible.
  const isOnWhite = isColoured && find("color-scheme", HTMLSelectElement).value !== "dark";
  say("contrast", isOnWhite ? contrastWarning(channels(colour.value)) : "");
  const address = find("case-url", HTMLInputElement).value.trim();
  say("case-url-warning", address && !address.includes("{id}") ? "Sans {id}, tous les cas mèneraient à la même page." : "");
  const perPage = find("per-page", HTMLInputElement);
  const isWrong = !perPage.checkValidity();
  perPage.setAttribute("aria-invalid", String(isWrong));
  say("per-page-warning", isWrong ? "De 1 à 100 : en attendant, il y en a 10." : "");
}

/**
 * @param {number[]} chosen
 * @returns {string}
 */
function contrastWarning(chosen) {
  const ratio = contrast(chosen, WHITE);
  if (ratio >= LEGIBLE) return "";
  // Rounded down: what falls short must not read as if it did not.
  const shown = (Math.floor(ratio * 10) / 10).toLocaleString("fr-FR");
  const nearest = hex(legible(chosen, BLACK, LIGHT_GROUND));
  return `Peu lisible : le contraste avec le blanc est de ${shown} pour 1, il en faut 4,5. ${nearest} est la teinte la plus proche qui convient.`;
}

/**
 * Changes the text of an element that is read aloud, and only then.
 * @param {string} id
 * @param {string} text
 */
function say(id, text) {
  const element = find(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}

/**
 * The red, green and blue of `#rrggbb`.
 * @param {string} text
 * @returns {number[]}
 */
function channels(text) {
  return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
}

/** @param {number[]} rgb */
function hex(rgb) {
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * The first tint on the way from a colour to another that can be read on a ground.
 * @param {number[]} from
 * @param {number[]} to
 * @param {number[]} ground
 * @returns {number[]}
 */
function legible(from, to, ground) {
  for (let step = 0; step < 100; step += 1) {
    const tint = from.map((channel, at) => Math.round(channel + (((to[at] ?? 0) - channel) * step) / 100));
    if (contrast(tint, ground) >= LEGIBLE) return tint;
  }
  return to;
}

/**
 * Contrast of two colours, from 1 to 21 (WCAG 2.2, contrast ratio).
 * @param {number[]} one
 * @param {number[]} other
 * @returns {number}
 */
function contrast(one, other) {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/**
 * Relative luminance (WCAG 2.2).
 * @param {number[]} rgb
 * @returns {number}
 */
function luminance(rgb) {
  const [red = 0, green = 0, blue = 0] = rgb.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function update() {
  const said = attributes();
  const styles = properties();
  const text = code(said, styles);
  if (snippet.textContent !== text) {
    (snippet.querySelector("code") ?? snippet).textContent = text;
    copied.textContent = "";
  }
  show(said, styles);
}

let pending = 0;
form.addEventListener("input", () => {
  warn();
  clearTimeout(pending);
  pending = setTimeout(update, PAUSE);
});
form.addEventListener("submit", (event) => event.preventDefault());

copy.addEventListener("click", async () => {
  clearTimeout(pending);
  update();
  copied.textContent = "";
  try {
    await navigator.clipboard.writeText(snippet.textContent ?? "");
    copied.textContent = "Code copié.";
  } catch {
    // Without leave, or over plain HTTP, where browsers have no clipboard to write to.
    getSelection()?.selectAllChildren(snippet);
    copied.textContent = "Le code est sélectionné : copiez-le avec Ctrl + C.";
  }
});

form.hidden = false;
copy.hidden = false;
warn();
update();
