// The office made quicker: / finds, j and k walk the rows, what is live is shown as it changes. Every page works without.
(() => {
  const typing = (element) => element.closest("input, textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll(".listing tbody a[href], .dossiers h3 a[href], .rows a[href]")];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/") {
      const search = document.querySelector("input[name=q]");
      if (!search) return;
      event.preventDefault();
      search.focus();
    } else if (event.key === "j" || event.key === "k") {
      const all = rows();
      const at = all.indexOf(document.activeElement);
      const next = all[event.key === "j" ? at + 1 : Math.max(0, at - 1)];
      next?.focus();
    }
  });

  const live = document.querySelector("[data-live]");
  if (!live || !("EventSource" in window)) return;
  let wanted = false;
  let asking = false;
  const refresh = async () => {
    wanted = true;
    if (asking || document.hidden) return;
    asking = true;
    while (wanted) {
      wanted = false;
      try {
        const answer = await fetch(location.href, { headers: { accept: "text/html" } });
        if (answer.ok) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          for (const part of document.querySelectorAll("[data-live]")) {
            const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
            if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
          }
        }
      } catch {
        // The line is gone; the next change asks again.
      }
      await new Promise((done) => setTimeout(done, 3000));
    }
    asking = false;
  };
  const source = new EventSource(live.dataset.source);
  let first = true;
  source.addEventListener("totals", () => {
    if (first) first = false;
    else refresh();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && wanted) refresh();
  });
})();
