{{/* Stops an installation that could not answer anybody, with a line that says what to do. Renders nothing. */}}
{{- define "threadkeeper.checks" -}}
{{- $namespace := .Release.Namespace -}}
{{- $secret := .Values.existingSecret -}}
{{- $ownDatabaseUrl := include "threadkeeper.ownDatabaseUrl" . -}}
{{- $create := printf "kubectl create secret generic %s --namespace %s --from-env-file secrets.env" ($secret | default "threadkeeper") $namespace -}}
{{- $secrets := list -}}
{{- range $name, $value := .Values.settings -}}
{{- if regexMatch "(_TOKEN|_SECRET|_PASSWORD|_KEYS?|_KEY_DATA|_AUTH|^DATABASE_URL|^NOTIFY_URL)$" $name }}{{ $secrets = append $secrets $name }}{{ end -}}
{{- end -}}
{{- with $secrets }}{{ fail (printf "settings has secrets (%s), and everybody who reads ConfigMaps could read them: put them into the Secret that existingSecret names" (join ", " .)) }}{{ end -}}
{{- $_ := required "settings.TEMPORAL_ADDRESS is missing: where your Temporal is, such as temporal-frontend.temporal:7233" .Values.settings.TEMPORAL_ADDRESS -}}
{{- if and (not $secret) (not $ownDatabaseUrl) }}{{ fail (printf "DATABASE_URL is missing: pods keep nothing, so workers need a PostgreSQL server. Put it into a Secret (%s), and name that in existingSecret" $create) }}{{ end -}}
{{- /* Every namespace has this ConfigMap, so that where it is not to be seen nobody can be asked (helm template). */ -}}
{{- if and .Values.lookup (lookup "v1" "ConfigMap" $namespace "kube-root-ca.crt") -}}
{{- range include "threadkeeper.references" . | fromJsonArray -}}
{{- $found := lookup "v1" .kind $namespace .name -}}
{{- if not $found }}{{ fail (printf "%s %s, which the value %s names, is not in the namespace %s: create it first%s" .kind .name .value $namespace (ternary (printf " (%s)" $create) "" (eq .value "existingSecret"))) }}{{ end -}}
{{- if and (eq .value "existingSecret") (not $ownDatabaseUrl) (not (hasKey ($found.data | default dict) "DATABASE_URL")) }}{{ fail (printf "DATABASE_URL is missing in the Secret %s: pods keep nothing, so workers need a PostgreSQL server. Add it: kubectl patch secret %s --namespace %s --patch '{\"stringData\":{\"DATABASE_URL\":\"postgres://USER:PASSWORD@HOST:5432/threadkeeper\"}}'" .name .name $namespace) }}{{ end -}}
{{- if and (hasSuffix "portalsSecret" .value) (not (hasKey ($found.data | default dict) "portals.yaml")) }}{{ fail (printf "Secret %s, which the value %s names, has no key portals.yaml" .name .value) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end }}
