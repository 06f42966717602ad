// Sends the examples of the API page that its reader writes. Without it, the page has links to them.
const MAX_SHOWN = 20000;

for (const form of document.querySelectorAll("form.try")) {
  const section = form.closest("section");
  const status = section.querySelector(".status");
  const answer = section.querySelector("pre code");
  form.hidden = false;
  section.querySelector(".open").hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const address = new URL(form.querySelector("input").value, location.href);
    if (address.origin !== location.origin) {
      status.textContent = "The address has to be one of this server, as /v1/search?q=tri";
      return;
    }
    try {
      const response = await fetch(address);
      const text = await response.text();
      status.textContent = String(response.status);
      answer.textContent = readable(text);
    } catch (error) {
      status.textContent = `No answer: ${error.message}`;
    }
  });
}

/** JSON by lines; anything else as it is; the beginning of what is very long. */
function readable(text) {
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // A table or a feed.
  }
  return shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}\n…` : shown;
}
