// The explorer of the API: Swagger UI on the portal's document, loaded when it is asked for (450 kB).
// Tokens stay in the page's memory.
const explorer = document.getElementById("explorer");

const show = () =>
  window.SwaggerUIBundle({
    url: explorer.dataset.document,
    dom_id: "#explorer",
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    deepLinking: true,
    docExpansion: "starts" in explorer.dataset ? "list" : "none",
    persistAuthorization: false,
    validatorUrl: null,
    requestInterceptor: (request) => Object.assign(request, { credentials: "omit" }),
  });

const start = () => {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: explorer.dataset.sheet });
  const script = Object.assign(document.createElement("script"), { src: explorer.dataset.script, onload: show });
  document.head.append(sheet, script);
};

document.getElementById("explore")?.addEventListener("click", ({ currentTarget }) => {
  currentTarget.remove();
  start();
});
if ("starts" in explorer.dataset) start();
