// A tree is described with h() and brought onto the page by patch(), which changes only what differs: focus, selection
// and scroll position outlive an update, and nothing moves.

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "g", "rect", "line", "path"]);

/** Describes an element; `vars` are CSS custom properties, set through the CSSOM as the content policy asks. */
export function h(tag, attributes, ...children) {
  const { vars, ...rest } = attributes ?? {};
  const kept = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  return { tag, attributes: rest, vars: vars ?? {}, children: kept };
}

/** Makes the children of `parent` what `trees` describe. */
export function patch(parent, ...trees) {
  const wanted = trees.flat(Infinity).filter((tree) => tree !== null && tree !== undefined && tree !== false);
  wanted.forEach((tree, index) => {
    const node = parent.childNodes[index];
    if (node && fits(node, tree)) {
      update(node, tree);
    } else if (node) {
      parent.replaceChild(create(tree), node);
    } else {
      parent.appendChild(create(tree));
    }
  });
  while (parent.childNodes.length > wanted.length) {
    parent.lastChild.remove();
  }
}

function isText(tree) {
  return typeof tree !== "object";
}

function fits(node, tree) {
  return isText(tree) ? node.nodeType === Node.TEXT_NODE : node.localName === tree.tag;
}

function create(tree) {
  if (isText(tree)) {
    return document.createTextNode(String(tree));
  }
  const node = SVG_TAGS.has(tree.tag) ? document.createElementNS(SVG, tree.tag) : document.createElement(tree.tag);
  update(node, tree);
  return node;
}

function update(node, tree) {
  if (isText(tree)) {
    if (node.data !== String(tree)) {
      node.data = String(tree);
    }
    return;
  }
  setAttributes(node, tree.attributes);
  setVars(node, tree.vars);
  patch(node, tree.children);
}

function setAttributes(node, wanted) {
  for (const { name } of [...node.attributes]) {
    if (name !== "style" && (wanted[name] === undefined || wanted[name] === null || wanted[name] === false)) {
      node.removeAttribute(name);
    }
  }
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    const text = value === true ? "" : String(value);
    if (node.getAttribute(name) !== text) {
      node.setAttribute(name, text);
    }
  }
}

function setVars(node, vars) {
  for (const name of [...node.style]) {
    if (!(name in vars)) {
      node.style.removeProperty(name);
    }
  }
  for (const [name, value] of Object.entries(vars)) {
    if (node.style.getPropertyValue(name) !== String(value)) {
      node.style.setProperty(name, String(value));
    }
  }
}
