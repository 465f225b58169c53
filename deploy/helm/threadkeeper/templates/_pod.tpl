{{- define "threadkeeper.podSecurity" -}}
runAsNonRoot: true
# The user node of the image.
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{/* root, component, values (the key of its values); port: of its metrics. Pods start anew when one of these changes. */}}
{{- define "threadkeeper.podAnnotations" -}}
{{- $root := .root -}}
checksum/settings: {{ include "threadkeeper.settings" $root | sha256sum }}
{{- with $root.Values.files }}
checksum/files: {{ toJson . | sha256sum }}
{{- end }}
{{- if $root.Values.lookup }}
{{- range include "threadkeeper.references" $root | fromJsonArray }}
{{- $for := .for }}
{{- with lookup "v1" .kind $root.Release.Namespace .name }}
threadkeeper/version-of-{{ $for }}: {{ .metadata.resourceVersion | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- if and .port (not $root.Values.monitoring.enabled) }}
prometheus.io/scrape: "true"
prometheus.io/port: {{ .port | quote }}
{{- end }}
{{- $own := index $root.Values (.values | default .component) | default dict }}
{{- with merge (dict) ($own.annotations | default dict) $root.Values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What every container of Threadkeeper has: root; tag; config: the release's ConfigMap and files; secret: all of the Secret. */}}
{{- define "threadkeeper.container" -}}
{{- $values := .root.Values -}}
{{- $own := index $values (.values | default .component) | default dict -}}
image: "{{ $values.image.repository }}:{{ .tag | default (include "threadkeeper.tag" .root) }}"
imagePullPolicy: {{ $values.image.pullPolicy }}
# The last lines of a container that fails are in kubectl describe too.
terminationMessagePolicy: FallbackToLogsOnError
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- $secret := ternary $values.existingSecret "" (default false .secret) }}
{{- $from := concat $values.extraEnvFrom ($own.extraEnvFrom | default list) }}
{{- if or .config $secret $from }}
envFrom:
  {{- if .config }}
  - configMapRef: { name: {{ include "threadkeeper.name" .root }} }
  {{- end }}
  {{- with $secret }}
  - secretRef: { name: {{ . }} }
  {{- end }}
  {{- with $from }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
volumeMounts:
  - { name: tmp, mountPath: /tmp }
  {{- if .config }}
  {{- if $values.files }}
  - { name: files, mountPath: /app/files, readOnly: true }
  {{- end }}
  {{- if $values.portalsSecret }}
  - { name: portals, mountPath: /etc/threadkeeper, readOnly: true }
  {{- end }}
  {{- if $values.knowledgeConfigMap }}
  - { name: knowledge, mountPath: /app/knowledge, readOnly: true }
  {{- end }}
  {{- if $values.instructionsConfigMap }}
  - { name: instructions, mountPath: /app/instructions, readOnly: true }
  {{- end }}
  {{- end }}
  {{- with concat $values.extraVolumeMounts ($own.extraVolumeMounts | default list) }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* Single settings of the Secret, each where it is there; needed: without it the container doesn't start. */}}
{{- define "threadkeeper.secretKeys" -}}
{{- if .root.Values.existingSecret }}
{{- range .keys }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $.root.Values.existingSecret }}, key: {{ . }}, optional: {{ not $.needed }} } }
{{- end }}
{{- end }}
{{- end }}

{{/* The operator's own variables come last, and so win. */}}
{{- define "threadkeeper.extraEnv" -}}
{{- $own := index .root.Values (.values | default .component) | default dict -}}
{{- with concat .root.Values.extraEnv ($own.extraEnv | default list) }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "threadkeeper.volumes" -}}
{{- $values := .root.Values -}}
{{- $own := index $values (.values | default .component) | default dict -}}
- name: tmp
  emptyDir: {}
{{- if .config }}
{{- if $values.files }}
- name: files
  configMap: { name: {{ include "threadkeeper.name" .root }}-files }
{{- end }}
{{- if $values.portalsSecret }}
- name: portals
  secret: { secretName: {{ $own.portalsSecret | default $values.portalsSecret }} }
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
{{- with concat $values.extraVolumes ($own.extraVolumes | default list) }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "threadkeeper.serviceAccountName" -}}
{{- $account := .root.Values.serviceAccount -}}
{{- if .beforeRelease -}}{{ .root.Values.setup.serviceAccountName | default (ternary "" $account.name $account.create) }}
{{- else if $account.create -}}{{ $account.name | default (include "threadkeeper.name" .root) }}
{{- else -}}{{ $account.name }}{{- end -}}
{{- end }}

{{/* root, component, values; config: as of the container; beforeRelease: runs while nothing of the release is there. */}}
{{- define "threadkeeper.pod" -}}
{{- $values := .root.Values -}}
{{- $own := index $values (.values | default .component) | default dict -}}
automountServiceAccountToken: false
{{- with include "threadkeeper.serviceAccountName" . }}
serviceAccountName: {{ . }}
{{- end }}
{{- with $values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext: {{- include "threadkeeper.podSecurity" .root | nindent 2 }}
{{- with $own.priorityClassName | default $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $own.nodeSelector | default $values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.tolerations | default $values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.affinity | default $values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- if not .beforeRelease }}
{{- with $own.topologySpreadConstraints | default $values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- range . }}
  - {{- toYaml . | nindent 4 }}
    {{- if not (hasKey . "labelSelector") }}
    labelSelector:
      matchLabels: {{- include "threadkeeper.selector" $ | nindent 8 }}
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}
volumes: {{- include "threadkeeper.volumes" . | nindent 2 }}
{{- end }}
