using AkkaScale.LegacyCluster.Membership;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>
/// Ends a process that holds a write lock and can no longer be alive as a member: a stopped process inside a write transaction
/// would otherwise freeze all others for good. Asked by whoever has waited for a third of a lease.
/// </summary>
/// <param name="mayEnd">Given the holder and for how long this process has seen that same hold.</param>
internal sealed partial class StuckHolderWatch(
    WriteLock writeLock, Func<LockHolder, TimeSpan, bool> mayEnd, TimeProvider time, ILogger logger)
{
    private readonly Lock _lock = new();
    private LockHolder? _seen;
    private long _since;

    /// <summary>The holder, if it can be named; for the message to those who gave up waiting.</summary>
    public LockHolder? Look()
    {
        lock (_lock)
        {
            var suspect = writeLock.Suspect();
            if (suspect != _seen)
            {
                (_seen, _since) = (suspect, time.GetTimestamp());
            }

            if (suspect is not null
                && suspect.ProcessId != Environment.ProcessId
                && suspect.IsAlive
                && mayEnd(suspect, time.GetElapsedTime(_since)))
            {
                LogEnded(logger, suspect.ProcessId, suspect.Incarnation);
                suspect.End();
            }

            return suspect;
        }
    }

    [LoggerMessage(EventId = 2401, Level = LogLevel.Warning,
        Message = "Process {ProcessId} (incarnation {Incarnation}) is dead by its lease and still holds a write lock of the embedded store: it is ended")]
    private static partial void LogEnded(ILogger logger, int processId, Incarnation incarnation);
}
