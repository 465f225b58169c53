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
{{- end }}

{{/* What every container of Threadkeeper has: image, settings, a root file system that nobody writes to. */}}
{{- define "threadkeeper.container" -}}
image: "{{ .root.Values.image.repository }}:{{ .tag }}"
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
envFrom:
  {{- if not .beforeRelease }}
  - configMapRef: { name: {{ include "threadkeeper.name" .root }} }
  {{- end }}
  - secretRef: { name: {{ .root.Values.existingSecret }} }
volumeMounts:
  - { name: tmp, mountPath: /tmp }
  {{- if .root.Values.portalsSecret }}
  - { name: portals, mountPath: /etc/threadkeeper, readOnly: true }
  {{- end }}
  {{- if .root.Values.knowledgeConfigMap }}
  - { name: knowledge, mountPath: /app/knowledge, readOnly: true }
  {{- end }}
{{- end }}

{{- define "threadkeeper.volumes" -}}
- name: tmp
  emptyDir: {}
{{- if .Values.portalsSecret }}
- name: portals
  secret: { secretName: {{ .Values.portalsSecret }} }
{{- end }}
{{- if .Values.knowledgeConfigMap }}
- name: knowledge
  configMap: { name: {{ .Values.knowledgeConfigMap }} }
{{- end }}
{{- end }}

{{- define "threadkeeper.pod" -}}
automountServiceAccountToken: false
{{- with .Values.serviceAccount.name }}
serviceAccountName: {{ . }}
{{- end }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext: {{- include "threadkeeper.podSecurity" . | nindent 2 }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
volumes: {{- include "threadkeeper.volumes" . | nindent 2 }}
{{- end }}
