using System.Diagnostics;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyJournal.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Tests.Store.Sqlite;

public sealed class WriteQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Work_that_ends_as_somebody_loses_patience_is_answered_all_the_same()
    {
        var directory = Directory.CreateTempSubdirectory("akkascale-queue-");
        try
        {
            using var writeLock = new WriteLock(Path.Combine(directory.FullName, "queue.lock"), new Incarnation(Guid.NewGuid()));
            var watch = new StuckHolderWatch(writeLock, static (_, _) => false, TimeProvider.System, NullLogger.Instance);
            await using var queue = new WriteQueue<Session>("queue", writeLock, watch, static () => new Session(), Patience, TimeProvider.System);
            for (var number = 0; number < 1_000; number++)
            {
                var (answer, ends) = (number, Patience + TimeSpan.FromMicroseconds(number % 200));
                Assert.Equal(answer, await queue.RunAsync(
                    _ =>
                    {
                        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < ends;)
                        {
                            Thread.SpinWait(10);
                        }

                        return answer;
                    },
                    TimeSpan.FromSeconds(30)));
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_timeout_of_the_work_itself_is_its_answer()
    {
        var directory = Directory.CreateTempSubdirectory("akkascale-queue-");
        try
        {
            using var writeLock = new WriteLock(Path.Combine(directory.FullName, "queue.lock"), new Incarnation(Guid.NewGuid()));
            var watch = new StuckHolderWatch(writeLock, static (_, _) => false, TimeProvider.System, NullLogger.Instance);
            await using var queue = new WriteQueue<Session>("queue", writeLock, watch, static () => new Session(), Patience, TimeProvider.System);
            var fault = await Assert.ThrowsAsync<TimeoutException>(() =>
                queue.RunAsync<int>(_ => throw new TimeoutException("the work's own"), TimeSpan.FromSeconds(30)));
            Assert.Equal("the work's own", fault.Message);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private sealed class Session : IWriteSession
    {
        public bool IsBroken => false;

        public void AfterWrite()
        {
        }

        public void Dispose()
        {
        }
    }
}
