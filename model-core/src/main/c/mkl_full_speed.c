/*
 * MKL, which libtorch is linked with, asks this function whether it runs on its maker's processors,
 * and takes slower code when it does not, whatever instructions there are. The loader finds this
 * answer before MKL's own when this library is opened first, for everybody (RTLD_GLOBAL).
 *
 * Built by build.sh in this folder.
 */
int mkl_serv_intel_cpu_true(void) {
    return 1;
}
