// On every tip page, also where nothing else runs: what was left or closed is not one Back away.
(function () {
  "use strict";
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-replace]");
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    window.location.replace(link.href);
  });
  window.addEventListener("pageshow", (event) => {
    // Not reload(): of a page that answers a form it would send the form again.
    if (event.persisted) window.location.replace(window.location.pathname + window.location.search);
  });
})();
