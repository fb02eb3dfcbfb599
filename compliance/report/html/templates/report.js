
"use strict";
// Search, filters and sorting. The page holds everything without this; nothing is fetched or kept.
// The state stands in the address after the `#`: `#gaps?severity=high&q=backup`.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const facets = ["policy", "severity", "status", "basis", "kind", "unit", "owner"];
  const ofRecords = ["unit", "owner"];
  const efforts = ["small", "medium", "large", ""];
  const lists = all("[data-list]");
  const rowText = new Map();
  let opened = [];

  const items = all("[data-item]").map((node, index) => {
    const has = {};
    for (const name of facets) has[name] = (node.dataset[name] || "").split("|");
    return { node, index, has, rows: all(":scope .facts > tbody", node), text: null };
  });

  const textOf = (node) => {
    if (!rowText.has(node)) rowText.set(node, node.textContent.toLowerCase());
    return rowText.get(node);
  };

  // What an entry says of itself: all of it but its records, which are searched one by one.
  const ownText = (item) => {
    if (item.text === null) {
      const parts = item.rows.length ? all(":scope > summary, :scope .about > p", item.node) : [item.node];
      item.text = parts.map((part) => part.textContent).join(" ").toLowerCase();
    }
    return item.text;
  };

  const state = () => {
    const found = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim()) found.set(name, value.trim());
    return found;
  };

  const matches = (item, wanted) => facets.every((name) => {
    const value = wanted.get(name);
    return !value || item.has[name].includes(value);
  });

  // Shows an entry where it or one of its records has all words; returns whether a record decided.
  const search = (item, words, wanted) => {
    const narrowed = item.rows.length > 0 && ofRecords.some((name) => wanted.get(name));
    if (!narrowed && words.every((word) => ownText(item).includes(word))) {
      for (const row of item.rows) row.hidden = false;
      item.node.hidden = false;
      return false;
    }
    let any = false;
    for (const row of item.rows) {
      const belongs = ofRecords.every((name) => {
        const value = wanted.get(name);
        return !value || (row.dataset[name] || "").split("|").includes(value);
      });
      const found = belongs
        && words.every((word) => textOf(row).includes(word) || ownText(item).includes(word));
      row.hidden = !found;
      any = any || found;
    }
    item.node.hidden = !any;
    return any;
  };

  const apply = () => {
    const wanted = state();
    const words = (wanted.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    const narrowed = words.length > 0 || facets.some((name) => wanted.get(name));
    for (const node of opened) node.open = false;
    opened = [];
    let count = 0;
    for (const item of items) {
      if (!matches(item, wanted)) {
        item.node.hidden = true;
        continue;
      }
      const inside = search(item, words, wanted);
      if (!item.node.hidden) count += 1;
      if (inside && !item.node.open && opened.length < 20) {
        item.node.open = true;
        opened.push(item.node);
      }
    }
    for (const list of lists) {
      const left = list.querySelector("[data-item]:not([hidden])") !== null;
      for (const group of all(".group", list)) {
        group.hidden = group.querySelector("[data-item]:not([hidden])") === null;
      }
      let none = list.querySelector(":scope > .none");
      if (!left && !none) {
        none = document.createElement("p");
        none.className = "none";
        none.textContent = "Nothing in this list matches the filters.";
        list.append(none);
      }
      if (none) none.hidden = left;
    }
    shown.textContent = narrowed
      ? `Filtered: ${count.toLocaleString("en-US")} of ${items.length.toLocaleString("en-US")} entries are shown.`
      : "";
    sortLists(wanted.get("sort") || "");
  };

  let sorted = "";
  const sortLists = (by) => {
    if (by === sorted) return;
    sorted = by;
    const keys = {
      "": (one) => [one.index],
      n: (one) => [-Number(one.node.dataset.n || 0), one.index],
      effort: (one) => [efforts.indexOf(one.node.dataset.effort || ""), one.index],
      title: (one) => [one.node.querySelector(".title")?.textContent.trim().toLowerCase() || "", one.index],
    };
    const key = keys[by] || keys[""];
    const compare = (a, b) => {
      const [x, y] = [key(a), key(b)];
      for (let i = 0; i < x.length; i += 1) if (x[i] !== y[i]) return x[i] < y[i] ? -1 : 1;
      return 0;
    };
    const parents = new Map();
    for (const one of items) {
      if (one.node.tagName === "TR") continue;
      if (!parents.has(one.node.parentNode)) parents.set(one.node.parentNode, []);
      parents.get(one.node.parentNode).push(one);
    }
    for (const [parent, children] of parents) {
      const place = document.createComment("");
      parent.insertBefore(place, children[0].node);
      const ordered = [...children].sort(compare);
      for (const one of ordered) parent.insertBefore(one.node, place);
      place.remove();
    }
  };

  // The address: `#anchor?name=value`.
  const parts = () => {
    const [anchor, query] = location.hash.slice(1).split(/\?(.*)/s);
    return { anchor, query: query === undefined ? null : new URLSearchParams(query) };
  };

  const remember = (anchor) => {
    const query = state().toString();
    history.replaceState(null, "", `#${anchor}${query ? `?${query}` : ""}`);
  };

  const reveal = (anchor) => {
    const target = anchor && document.getElementById(anchor);
    if (!target) return;
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    target.scrollIntoView();
    const focus = target.tagName === "DETAILS" ? target.querySelector("summary") : target;
    focus.focus({ preventScroll: true });
  };

  const read = () => {
    const { anchor, query } = parts();
    if (query !== null) {
      for (const field of form.elements) if (field.name) field.value = query.get(field.name) || "";
      apply();
    }
    reveal(anchor);
    remember(anchor);
  };

  let timer = 0;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      apply();
      remember(parts().anchor);
    }, 120);
  };

  const openAll = (open) => {
    for (const one of all("main details")) if (!one.closest("[hidden]")) one.open = open;
    opened = [];
  };

  // Tables whose columns a person can sort by.
  for (const table of all("table.sortable")) {
    const heads = all("thead th", table);
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const value = (row) => row.cells[column].dataset.k || row.cells[column].textContent.trim();
        const body = table.tBodies[0];
        const order = new Intl.Collator("en", { numeric: true });
        const rows = [...body.rows].sort((a, b) => order.compare(value(a), value(b)));
        body.append(...(up ? rows : rows.reverse()));
      });
    });
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", changed);
  form.addEventListener("reset", () => setTimeout(changed));
  document.getElementById("expand").addEventListener("click", () => openAll(true));
  document.getElementById("collapse").addEventListener("click", () => openAll(false));
  addEventListener("hashchange", read);

  // On paper nothing is folded; a browser that cannot unfold by style does it here.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("main details:not([open], .why)");
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
    folded = [];
  });

  const contents = document.querySelector(".contents");
  if (contents && matchMedia("(max-width: 48rem)").matches) contents.open = false;
  read();
})();
