// What is shown, described anew at each change and laid over what is there: an element that stays keeps its focus, its selection
// and its scroll. Texts are text nodes, so nothing that an answer holds is read as markup.

/** @typedef {{tag: string, key: string, props: Record<string, any>, children: Child[]}} Description */
/** @typedef {Description | string} Child */
/** @typedef {Child | number | null | undefined | false | Offered[]} Offered */

const SVG = "http://www.w3.org/2000/svg";
/** Set as properties, and compared with what the reader made of them. */
const LIVE = ["value", "checked"];
/** @type {WeakMap<Node, Description>} What each element was last described as. */
const described = new WeakMap();

/**
 * Describes an element. A `key` tells it from its neighbours of the same tag; `on…` are handlers; false and null leave out.
 * @param {string} tag
 * @param {Record<string, any> | null} props
 * @param {...Offered} children
 * @returns {Description}
 */
export function h(tag, props, ...children) {
  const { key = "", ...rest } = props ?? {};
  return { tag, key: `${tag} ${key}`, props: rest, children: shown(children) };
}

/**
 * @param {Offered[]} offered
 * @returns {Child[]}
 */
function shown(offered) {
  return offered.flatMap((child) => {
    if (child === null || child === undefined || child === false) return [];
    if (Array.isArray(child)) return shown(child);
    return [typeof child === "number" ? String(child) : child];
  });
}

/**
 * Makes the children of a node what they are described as.
 * @param {ParentNode & Node} parent
 * @param {Offered[]} offered
 */
export function patch(parent, offered) {
  /** @type {Map<string, ChildNode[]>} */
  const there = new Map();
  for (const node of parent.childNodes) {
    const key = described.get(node)?.key ?? "";
    there.set(key, [...(there.get(key) ?? []), node]);
  }
  const children = shown(offered);
  const nodes = children.map((child) => there.get(typeof child === "string" ? "" : child.key)?.shift() ?? made(parent, child));
  // What goes, goes first: then nothing that stays has to move.
  for (const gone of there.values()) for (const node of gone) node.remove();
  let next = parent.firstChild;
  nodes.forEach((node, rank) => {
    if (node === next) next = node.nextSibling;
    else parent.insertBefore(node, next);
    const child = children[rank];
    if (typeof child !== "string") update(/** @type {Element} */ (node), child);
    else if (node.nodeValue !== child) node.nodeValue = child;
  });
}

/**
 * @param {Node} parent
 * @param {Child} child
 * @returns {ChildNode}
 */
function made(parent, child) {
  if (typeof child === "string") return document.createTextNode(child);
  const isSvg = child.tag === "svg" || /** @type {Element} */ (parent).namespaceURI === SVG;
  return isSvg ? document.createElementNS(SVG, child.tag) : document.createElement(child.tag);
}

/**
 * @param {any} element
 * @param {Description} description
 */
function update(element, description) {
  const before = described.get(element)?.props ?? {};
  described.set(element, description);
  // Children first: a select can only be set to an option that it has.
  patch(element, description.children);
  for (const name of Object.keys({ ...before, ...description.props })) {
    const value = description.props[name];
    if (LIVE.includes(name)) {
      if (element[name] !== value) element[name] = value;
    } else if (value === before[name]) {
      continue;
    } else if (name.startsWith("on") || name === "open") {
      element[name] = value ?? null;
    } else if (value === null || value === undefined || value === false) {
      element.removeAttribute(name);
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
}
