// Swagger UI over the documents of this service; which versions there are, the service says.
fetch("/lead-providers/api-docs/versions.json")
  .then((response) => response.json())
  .then((versions) => {
    window.ui = SwaggerUIBundle({
      dom_id: "#swagger-ui",
      urls: versions.map((name) => ({ name, url: `/lead-providers/api-docs/${name}/api_spec.yml` })),
      "urls.primaryName": versions[versions.length - 1],
      presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
      layout: "StandaloneLayout",
      deepLinking: true,
      persistAuthorization: true,
      docExpansion: "list",
      validatorUrl: null,
    });
  });
