using System.Diagnostics;

namespace AkkaScale.Tests.Chaos;

/// <summary>Microseconds since the run began, by the monotonic clock of this process. All times of a history are its.</summary>
internal sealed class RunClock
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public long Now => (long)Stopwatch.GetElapsedTime(_start).TotalMicroseconds;
}
