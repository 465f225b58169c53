{{- define "threadkeeper.name" -}}
{{- if contains .Chart.Name .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- else -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{- end -}}
{{- end }}

{{- define "threadkeeper.tag" -}}
{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* A tag as part of a name: v1.4.0 becomes v1-4-0; with a hash, since different tags may look alike then. */}}
{{- define "threadkeeper.suffix" -}}
{{ . | lower | replace "." "-" | replace "_" "-" | trunc 12 | trimSuffix "-" }}-{{ . | sha256sum | trunc 6 }}
{{- end }}

{{- define "threadkeeper.selector" -}}
app.kubernetes.io/name: threadkeeper
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "threadkeeper.labels" -}}
{{ include "threadkeeper.selector" . }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "threadkeeper.podSecurity" -}}
runAsNonRoot: true
# The user node of the image.
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "threadkeeper.settings" -}}
PORT: "3000"
{{- range $name, $value := .Values.settings }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- if .Values.portalsSecret }}
PORTALS_FILE: /etc/threadkeeper/portals.yaml
{{- end }}
{{- if .Values.instructionsConfigMap }}
INSTRUCTIONS_FILE: /app/instructions/instructions.md
{{- end }}
{{- end }}

{{/* What every container of Threadkeeper has: image, settings, a root file system that nobody writes to. */}}
{{- define "threadkeeper.container" -}}
image: "{{ .root.Values.image.repository }}:{{ .tag }}"
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- if not .beforeRelease }}
envFrom:
  - configMapRef: { name: {{ include "threadkeeper.name" .root }} }
  {{- if not .secretKeys }}
  - secretRef: { name: {{ .root.Values.existingSecret }} }
  {{- end }}
{{- end }}
volumeMounts:
  - { name: tmp, mountPath: /tmp }
  {{- if .root.Values.portalsSecret }}
  - { name: portals, mountPath: /etc/threadkeeper, readOnly: true }
  {{- end }}
  {{- if .root.Values.knowledgeConfigMap }}
  - { name: knowledge, mountPath: /app/knowledge, readOnly: true }
  {{- end }}
  {{- if .root.Values.instructionsConfigMap }}
  - { name: instructions, mountPath: /app/instructions, readOnly: true }
  {{- end }}
{{- end }}

{{/* What the API gets of the Secret, comma-separated. */}}
{{- define "threadkeeper.apiKeys" -}}
{{- $keys := .Values.api.secretKeys -}}
{{- if or .Values.api.database .Values.settings.HUBSPOT_CLIENT_ID }}{{ $keys = append $keys "DATABASE_URL" | uniq }}{{ end -}}
{{ join "," $keys }}
{{- end }}

{{/* Single settings of the Secret, each where it is there. */}}
{{- define "threadkeeper.secretKeys" -}}
{{- range .keys }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $.root.Values.existingSecret }}, key: {{ . }}, optional: true } }
{{- end }}
{{- end }}

{{- define "threadkeeper.volumes" -}}
{{- $values := .root.Values -}}
- name: tmp
  emptyDir: {}
{{- if $values.portalsSecret }}
- name: portals
  secret: { secretName: {{ .portalsSecret | default $values.portalsSecret }} }
{{- end }}
{{- if $values.knowledgeConfigMap }}
- name: knowledge
  configMap: { name: {{ $values.knowledgeConfigMap }} }
{{- end }}
{{- if $values.instructionsConfigMap }}
- name: instructions
  configMap: { name: {{ $values.instructionsConfigMap }} }
{{- end }}
{{- end }}

{{/* root; portalsSecret: in place of the one for all. */}}
{{- define "threadkeeper.pod" -}}
{{- $values := .root.Values -}}
automountServiceAccountToken: false
{{- with $values.serviceAccount.name }}
serviceAccountName: {{ . }}
{{- end }}
{{- with $values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext: {{- include "threadkeeper.podSecurity" .root | nindent 2 }}
{{- with $values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
volumes: {{- include "threadkeeper.volumes" . | nindent 2 }}
{{- end }}
