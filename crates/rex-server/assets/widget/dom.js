// A small virtual DOM: the view is described at each change and the difference applied, so that kept elements keep their focus,
// selection and scroll position. Texts become text nodes: nothing in an answer is parsed as markup.

/** @typedef {{tag: string, key: string, props: Record<string, any>, children: Child[]}} Description */
/** @typedef {Description | string} Child */
/** @typedef {Child | number | null | undefined | false | Offered[]} Offered */

const SVG = "http://www.w3.org/2000/svg";
/** Set as properties, and compared with their current state, which the user may have changed. */
const LIVE = ["value", "checked"];
/** @type {WeakMap<Node, Description>} What each element was last described as. */
const described = new WeakMap();

/**
 * Describes an element. `key` identifies it among siblings of the same tag; `on…` are handlers; false and null omit an attribute.
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
    if (child == null || child === false) return [];
    if (Array.isArray(child)) return shown(child);
    return [typeof child === "number" ? String(child) : child];
  });
}

/**
 * Updates the children of a node to match their description.
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
  // Removals come first, so that kept nodes need not move.
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
  // Children first: the value of a select must be one of its options.
  patch(element, description.children);
  for (const name of Object.keys({ ...before, ...description.props })) {
    const value = description.props[name];
    if (LIVE.includes(name)) {
      if (element[name] !== value) element[name] = value;
    } else if (value === before[name]) {
      continue;
    } else if (name.startsWith("on") || name === "open") {
      element[name] = value ?? null;
    } else if (value == null || value === false) {
      element.removeAttribute(name);
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
}
