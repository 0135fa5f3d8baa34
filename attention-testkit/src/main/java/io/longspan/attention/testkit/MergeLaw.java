package io.longspan.attention.testkit;

import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import io.longspan.attention.testkit.run.Answer;
import java.util.Objects;

/** Window and global parts of one softmax, computed apart, give the joint one. */
final class MergeLaw {
    private static final int LENGTH = 29;
    private static final int REACH = 4;

    private final ContractSubject subject;
    private final PlainCases plain;

    MergeLaw(ContractSubject subject) {
        this.subject = subject;
        plain = new PlainCases(subject);
    }

    void require() {
        AttentionCase joint = make("joint", TokenRole.GLOBAL, REACH);
        Part all = run(joint, joint.tensors());
        Part window = run(make("window", TokenRole.MASKED, REACH), joint.tensors());
        Part globals = run(make("globals", TokenRole.GLOBAL, 0), joint.tensors());
        Part self = run(make("self", TokenRole.MASKED, 0), joint.tensors());
        double[] sums = new double[all.sums.length];
        double[] output = new double[all.weighted.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.log(window.sums[i] + globals.sums[i] - self.sums[i]);
        }
        for (int i = 0; i < output.length; i++) {
            int row = i / joint.headSize();
            double weighted = window.weighted[i] + globals.weighted[i] - self.weighted[i];
            output[i] = all.sums[row] == 0 ? 0 : weighted / all.sums[row];
        }
        CaseCheck check = new CaseCheck(joint, subject);
        check.perRow().near(subject.tolerances().logSumExp().times(2), all.logSumExp, sums);
        check.rows("merged output")
                .near(subject.tolerances().output().times(4), all.output, output);
    }

    private AttentionCase make(String name, TokenRole special, int reach) {
        byte[] roles = SequenceLayout.allLocal(LENGTH).roles();
        for (int token : new int[] {0, 3, 14, 28}) {
            roles[token] = special.code();
        }
        SequenceLayout layout = SequenceLayout.of(new int[] {0, LENGTH}, roles);
        return subject.assumeCovered(plain.of(name, layout, p -> p.reach(reach, reach)));
    }

    private Part run(AttentionCase asked, AttentionTensors tensors) {
        Answer answer = subject.driver().forward(asked, tensors, true);
        float[] logSumExp = Objects.requireNonNull(answer.logSumExp());
        double[] sums = new double[logSumExp.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.exp(logSumExp[i]);
        }
        double[] weighted = new double[answer.output().length];
        for (int i = 0; i < weighted.length; i++) {
            weighted[i] = answer.output()[i] * sums[i / asked.headSize()];
        }
        return new Part(answer.output(), logSumExp, sums, weighted);
    }

    /** One answer, with the sum of its exponentials and the output weighted by it. */
    private static final class Part {
        private final float[] output;
        private final float[] logSumExp;
        private final double[] sums;
        private final double[] weighted;

        Part(float[] output, float[] logSumExp, double[] sums, double[] weighted) {
            this.output = output;
            this.logSumExp = logSumExp;
            this.sums = sums;
            this.weighted = weighted;
        }
    }
}
