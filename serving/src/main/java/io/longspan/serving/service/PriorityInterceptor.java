package io.longspan.serving.service;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.longspan.api.RequestPriority;
import io.longspan.model.Quoted;
import io.longspan.serving.schedule.Job;
import io.longspan.serving.track.TrackedCall;

/** Reads how urgent a call says it is. Stands inside of whatever decides the status. */
public final class PriorityInterceptor implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String given = headers.get(RequestPriority.HEADER);
        if (given != null && TrackedCall.isTracked()) {
            TrackedCall.current().priority(level(given));
        }
        return next.startCall(call, headers);
    }

    private static int level(String given) {
        boolean digit = given.length() == 1 && given.charAt(0) >= '0' && given.charAt(0) <= '9';
        if (!digit) {
            throw Refused.because(
                    "the header longspan-priority is "
                            + Quoted.of(given)
                            + "; it must be a number from "
                            + Job.MOST_URGENT
                            + ", the most urgent, to "
                            + Job.LEAST_URGENT
                            + ", or 0 for "
                            + Job.USUAL);
        }
        int level = given.charAt(0) - '0';
        return level == 0 ? Job.USUAL : level;
    }
}
