{{/* root, component; name: of the Deployment; build: its build id, or "". */}}
{{- define "threadkeeper.autoscaler" -}}
{{- $values := .root.Values -}}
{{- $scaling := $values.autoscaling }}
{{- if eq $scaling.kind "keda" }}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ .name }}
  labels: {{- include "threadkeeper.labels" . | nindent 4 }}
spec:
  scaleTargetRef: { name: {{ .name }} }
  minReplicaCount: {{ $scaling.minReplicas }}
  maxReplicaCount: {{ $scaling.maxReplicas }}
  triggers:
    {{- $queue := required "settings.TEMPORAL_TASK_QUEUE is missing" $values.settings.TEMPORAL_TASK_QUEUE }}
    {{- range $name, $types := dict $queue "workflow,activity" (printf "%s-hubspot" $queue) "activity" }}
    - type: temporal
      metadata:
        endpoint: {{ $values.settings.TEMPORAL_ADDRESS | quote }}
        namespace: {{ $values.settings.TEMPORAL_NAMESPACE | default "default" | quote }}
        taskQueue: {{ $name | quote }}
        queueTypes: {{ $types | quote }}
        targetQueueSize: {{ $scaling.targetQueueSize | quote }}
        {{- with $.build }}
        workerDeploymentName: {{ $values.versioning.deploymentName | quote }}
        workerDeploymentBuildId: {{ . | quote }}
        {{- end }}
      {{- with $scaling.authentication }}
      authenticationRef: { name: {{ . }} }
      {{- end }}
    {{- end }}
{{- else if eq $scaling.kind "cpu" }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .name }}
  labels: {{- include "threadkeeper.labels" . | nindent 4 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ .name }} }
  minReplicas: {{ $scaling.minReplicas }}
  maxReplicas: {{ $scaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: { type: Utilization, averageUtilization: {{ $scaling.targetCPU }} }
{{- else }}
{{- fail "autoscaling.kind must be none, keda or cpu" }}
{{- end }}
{{- end }}
