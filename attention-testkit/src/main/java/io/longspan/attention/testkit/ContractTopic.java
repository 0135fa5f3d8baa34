package io.longspan.attention.testkit;

/** One topic of the contract: tests that need nothing but the subject. */
interface ContractTopic {
    /** The backend under test; one for each test. */
    ContractSubject subject();
}
