using System.Diagnostics;
using Akka.Actor;

namespace AkkaScale.Bench.Journal;

/// <summary>A closed loop: so many events in flight, the next one sent when one is answered, over all entities in turn.</summary>
public static class Load
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<IActorRef[]> StartEntitiesAsync(ActorSystem system, string prefix, int count)
    {
        var entities = Enumerable.Range(0, count).Select(number => system.ActorOf(BenchEntity.Props($"{prefix}-{number}"))).ToArray();
        await Task.WhenAll(entities.Select(entity => entity.Ask<long>(BenchEntity.Count.Instance, Patience)));
        return entities;
    }

    public static async Task<LoadResult> RunAsync(IActorRef[] entities, int inFlight, TimeSpan warmUp, TimeSpan duration)
    {
        var payload = new BenchEvent(Payload());
        var latencies = new List<long>[inFlight];
        var answered = 0;
        var next = -1;
        var measured = new Stopwatch();
        var counting = false;
        var ending = false;
        var workers = Enumerable.Range(0, inFlight).Select(worker => Task.Run(async () =>
        {
            var mine = latencies[worker] = [];
            while (!Volatile.Read(ref ending))
            {
                var entity = entities[(uint)Interlocked.Increment(ref next) % (uint)entities.Length];
                var (sent, counted) = (Stopwatch.GetTimestamp(), Volatile.Read(ref counting));
                await entity.Ask<long>(payload, Patience);
                if (counted)
                {
                    mine.Add(Stopwatch.GetTimestamp() - sent); // also what is answered late: it is the tail
                }

                if (Volatile.Read(ref counting))
                {
                    Interlocked.Increment(ref answered);
                }
            }
        })).ToArray();

        await Task.WhenAny(Task.Delay(warmUp), Task.WhenAny(workers));
        var cpu = Environment.CpuUsage.TotalTime;
        measured.Start();
        Volatile.Write(ref counting, true);
        await Task.WhenAny(Task.Delay(duration), Task.WhenAny(workers));
        Volatile.Write(ref counting, false);
        measured.Stop();
        cpu = Environment.CpuUsage.TotalTime - cpu;
        Volatile.Write(ref ending, true);
        await Task.WhenAll(workers);
        var all = latencies.SelectMany(each => each).Order().ToArray();
        if (all.Length == 0)
        {
            all = [measured.ElapsedTicks]; // starved: nothing could even be sent
        }

        return new LoadResult(
            answered / measured.Elapsed.TotalSeconds, Milliseconds(all, 0.5), Milliseconds(all, 0.99), Milliseconds(all, 1),
            cpu.TotalMicroseconds / Math.Max(1, answered));
    }

    public static byte[] Payload()
    {
        var payload = new byte[200];
        new Random(11).NextBytes(payload);
        return payload;
    }

    private static double Milliseconds(long[] sorted, double quantile) =>
        Stopwatch.GetElapsedTime(0, sorted[Math.Min(sorted.Length - 1, (int)(quantile * sorted.Length))]).TotalMilliseconds;
}

/// <summary>Rate in events a second; latencies in milliseconds; CPU of this process in microseconds an event.</summary>
public sealed record LoadResult(double Rate, double P50, double P99, double Longest, double Cpu);
