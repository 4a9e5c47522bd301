# The rule same-jwt-secret for one environment in a state, as far as the documents of the benchmark need it.
package main

import rego.v1

reads contains {"service": name, "secret": secret} if {
	some resource in input.deployment.resources
	resource.type == "gcp:cloudrunv2/service:Service"
	parts := split(resource.urn, "::")
	name := parts[count(parts) - 1]
	some container in resource.inputs.template.containers
	some env in container.envs
	env.name == "JWT_SECRET_KEY"
	secret := env.valueSource.secretKeyRef.secret
}

deny contains message if {
	some auth in reads
	auth.service == "auth"
	some backend in reads
	backend.service == "backend"
	auth.secret != backend.secret
	message := sprintf("auth reads %s, backend reads %s", [auth.secret, backend.secret])
}
