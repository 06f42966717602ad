// Copies the citation of a case. Without it, the citation is text to select.
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("button[data-copy]"))) {
  const source = document.getElementById(button.dataset.copy ?? "");
  const status = button.parentElement?.querySelector("[role=status]");
  if (!source || !status) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    // Emptied first: said twice, the same words are announced twice.
    status.textContent = "";
    try {
      await navigator.clipboard.writeText((source.textContent ?? "").trim());
      status.textContent = "Copié";
    } catch {
      // Browsers refuse it to pages that are not sent over HTTPS, and wherever their user does.
      getSelection()?.selectAllChildren(source);
      status.textContent = "La copie a échoué. Le texte est sélectionné : copiez-le avec le clavier ou le menu.";
    }
  });
}
