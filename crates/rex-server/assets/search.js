// Keeps the title of the window true while the widget searches.
const site = document.title.split(" · ").at(-1);

document.addEventListener("rex-search", (event) => {
  const { q, total } = /** @type {CustomEvent} */ (event).detail;
  const words = q.trim();
  const count = `${new Intl.NumberFormat("fr-FR").format(total)}\u00a0cas`;
  document.title = words ? `${words} : ${count} · ${site}` : document.title;
});
