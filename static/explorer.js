// The explorer of the API: Swagger UI on the portal's document. Tokens stay in the page's memory.
SwaggerUIBundle({
  url: document.getElementById("explorer").dataset.document,
  dom_id: "#explorer",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "none",
  persistAuthorization: false,
  validatorUrl: null,
  requestInterceptor: (request) => Object.assign(request, { credentials: "omit" }),
});
