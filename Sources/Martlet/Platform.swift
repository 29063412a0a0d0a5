#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Processors of the machine.
func processorCount() -> Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

/// Writing to a pipe that nobody reads is then an error of that write (`EPIPE`), not the end of the process. A handler that the host
/// program has set stays.
func ignoreClosedPipes() {
    var current = sigaction()
    sigaction(SIGPIPE, nil, &current)
    #if canImport(Glibc)
    let isDefault = current.__sigaction_handler.sa_handler == nil
    #else
    let isDefault = current.__sigaction_u.__sa_handler == nil
    #endif
    if isDefault { signal(SIGPIPE, SIG_IGN) }
}
