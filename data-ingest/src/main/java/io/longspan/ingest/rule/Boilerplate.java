package io.longspan.ingest.rule;

/** What a source puts around or into its texts. */
public enum Boilerplate {
    /** Nothing that is known. */
    NONE,
    /** Header and footer of Project Gutenberg. */
    GUTENBERG,
    /** Notices of Smashwords, and the same of Project Gutenberg. */
    SMASHWORDS,
    /** Wikitext, but not in Parquet, where it was taken off by others. */
    WIKITEXT,
    /** Words and signs are apart, as the Penn Treebank has them. */
    TREEBANK
}
