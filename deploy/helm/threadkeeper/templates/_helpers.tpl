{{- define "threadkeeper.name" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- if .Values.fullnameOverride -}}{{ .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains $name .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else -}}{{ printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}{{- end -}}
{{- end }}

{{- define "threadkeeper.tag" -}}
{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* A tag as part of a name: v1.4.0 becomes v1-4-0; with a hash, since different tags may look alike then. */}}
{{- define "threadkeeper.suffix" -}}
{{ . | lower | replace "." "-" | replace "_" "-" | trunc 12 | trimSuffix "-" }}-{{ printf "build %s" . | sha256sum | trunc 6 }}
{{- end }}

{{- define "threadkeeper.selector" -}}
app.kubernetes.io/name: threadkeeper
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "threadkeeper.labels" -}}
{{ include "threadkeeper.selector" . }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* root, component, values (the key of its values where it is not the component). */}}
{{- define "threadkeeper.podLabels" -}}
{{- include "threadkeeper.labels" . }}
{{- $own := index .root.Values (.values | default .component) | default dict }}
{{- with merge (dict) ($own.podLabels | default dict) .root.Values.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The components whose pods are workers. Those with a version are a kind of their own: no selector means both. */}}
{{- define "threadkeeper.workers" -}}
{{- $versioning := .Values.versioning -}}
{{- if not $versioning.enabled -}}worker
{{- else if $versioning.unversionedWorkers -}}worker,versioned-worker
{{- else -}}versioned-worker{{- end -}}
{{- end }}

{{/* A value as the text that a person wrote: no 6.2515e+07 for a portal, and YAML's off is no false to AUTONOMY. */}}
{{- define "threadkeeper.text" -}}
{{- if kindIs "string" .value -}}{{ .value }}
{{- else if and (eq .name "AUTONOMY") (eq (toString .value) "false") -}}off
{{- else -}}{{ toJson .value }}{{- end -}}
{{- end }}

{{/* The settings of the ConfigMap, as YAML. */}}
{{- define "threadkeeper.settings" -}}
{{- $settings := dict "PORT" "3000" -}}
{{- range $name, $value := .Values.settings -}}
{{- if not (kindIs "invalid" $value) }}{{ $_ := set $settings $name (include "threadkeeper.text" (dict "name" $name "value" $value)) }}{{ end -}}
{{- end -}}
{{- if .Values.portalsSecret }}{{ $_ := set $settings "PORTALS_FILE" "/etc/threadkeeper/portals.yaml" }}{{ end -}}
{{- if .Values.instructionsConfigMap }}{{ $_ := set $settings "INSTRUCTIONS_FILE" "/app/instructions/instructions.md" }}{{ end -}}
{{ toYaml $settings }}
{{- end }}

{{/* The port of metrics and the desk, where they have one of their own; else empty. */}}
{{- define "threadkeeper.opsPort" -}}
{{- $port := .Values.settings.OPS_PORT -}}
{{- if not (kindIs "invalid" $port) }}{{ include "threadkeeper.text" (dict "name" "OPS_PORT" "value" $port) }}{{ end -}}
{{- end }}

{{/* The paths of the API that strangers call, as a list in JSON: path, and whether all below it are meant. */}}
{{- define "threadkeeper.publicPaths" -}}
{{- $paths := list
  (dict "path" "/webhooks/hubspot" "below" false)
  (dict "path" "/hubspot/actions" "below" true)
  (dict "path" "/rate" "below" true) -}}
{{- if .root.Values.settings.HUBSPOT_CLIENT_ID -}}
{{- $paths = concat $paths (list (dict "path" "/oauth/install" "below" false) (dict "path" "/oauth/callback" "below" false)) -}}
{{- end -}}
{{- range .extraPaths }}{{ $paths = append $paths (dict "path" . "below" false) }}{{ end -}}
{{- toJson ($paths | uniq) -}}
{{- end }}

{{/* What the API gets of the Secret, comma-separated. */}}
{{- define "threadkeeper.apiKeys" -}}
{{- $keys := .Values.api.secretKeys -}}
{{- if or .Values.api.database .Values.settings.HUBSPOT_CLIENT_ID }}{{ $keys = append $keys "DATABASE_URL" | uniq }}{{ end -}}
{{ join "," $keys }}
{{- end }}

{{/* "yes" where workers get DATABASE_URL from extraEnv, or may get it from extraEnvFrom. */}}
{{- define "threadkeeper.ownDatabaseUrl" -}}
{{- $worker := .Values.worker -}}
{{- range concat .Values.extraEnv $worker.extraEnv }}{{ if eq .name "DATABASE_URL" }}yes{{ end }}{{ end -}}
{{- if concat .Values.extraEnvFrom $worker.extraEnvFrom }}yes{{ end -}}
{{- end }}

{{/* What the pods take of objects that are not the chart's: name, kind, and the value that names it, as a list in JSON. */}}
{{- define "threadkeeper.references" -}}
{{- $values := .Values -}}
{{- $references := list
  (dict "value" "existingSecret" "kind" "Secret" "name" $values.existingSecret "for" "secret")
  (dict "value" "portalsSecret" "kind" "Secret" "name" $values.portalsSecret "for" "portals")
  (dict "value" "api.portalsSecret" "kind" "Secret" "name" (ternary $values.api.portalsSecret "" (ne $values.portalsSecret "")) "for" "api-portals")
  (dict "value" "knowledgeConfigMap" "kind" "ConfigMap" "name" $values.knowledgeConfigMap "for" "knowledge")
  (dict "value" "instructionsConfigMap" "kind" "ConfigMap" "name" $values.instructionsConfigMap "for" "instructions") -}}
{{- $named := list -}}
{{- range $references }}{{ if .name }}{{ $named = append $named . }}{{ end }}{{ end -}}
{{ toJson $named }}
{{- end }}
