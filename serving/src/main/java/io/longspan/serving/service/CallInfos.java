package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.serving.model.ServedModel;
import io.longspan.serving.track.TrackedCall;

/** What every answer says of its call. */
final class CallInfos {
    private CallInfos() {}

    /** All but the times and the size of the batch. */
    static CallInfo.Builder of(TrackedCall call, ServedModel model, int tokens) {
        return CallInfo.newBuilder()
                .setInferenceId(call.id().toString())
                .setModel(model.name())
                .setModelVersion(model.version())
                .setBackend(model.backend().name())
                .setBackendVersion(model.backend().version())
                .setPrecision(model.precision())
                .setTokens(tokens);
    }

    /** Says what became of a text that was longer than the model. */
    static CallInfo.Builder cut(CallInfo.Builder info, Asked asked) {
        return info.setTruncatedTokens(asked.truncated())
                .setWindows(Math.max(1, asked.windows().size()));
    }
}
