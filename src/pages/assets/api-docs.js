// Swagger UI over the documents of this service; which versions there are, the service says.

// Requests go to this service unless another server is chosen.
const ownServerFirst = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: (original) => (spec) => {
          const isOwn = ({ url }) => url === "/";
          const servers = spec.servers || [];
          const others = servers.filter((server) => !isOwn(server));
          return original({ ...spec, servers: [...servers.filter(isOwn), ...others] });
        },
      },
    },
  },
});

fetch("/lead-providers/api-docs/versions.json")
  .then((response) => response.json())
  .then((versions) => {
    window.ui = SwaggerUIBundle({
      dom_id: "#swagger-ui",
      urls: versions.map((name) => ({ name, url: `/lead-providers/api-docs/${name}/api_spec.yml` })),
      "urls.primaryName": versions[versions.length - 1],
      presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
      plugins: [ownServerFirst],
      layout: "StandaloneLayout",
      deepLinking: true,
      persistAuthorization: true,
      docExpansion: "list",
      validatorUrl: null,
    });
  });
