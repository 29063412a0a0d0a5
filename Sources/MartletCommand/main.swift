import MartletShell

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

exit(runMartlet(Array(CommandLine.arguments.dropFirst())))
