using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Hosting;

namespace AkkaScale.Tests.Cluster.Checking;

/// <summary>Holds the journal against what the client was told.</summary>
internal static class JournalCheck
{
    private const int Page = 10_000;

    /// <summary>Nothing lost, nothing twice, nothing else, all of it fenced; and no rule of the tables is broken.</summary>
    public static async Task AssertSoundAsync(ProbeDatabase database, ProbeClient client)
    {
        var faults = client.Traffic.SelectMany(each => each.Faults).ToList();
        var inspection = database.Inspect();
        var report = await inspection.VerifyAsync(client.Acknowledged, CancellationToken.None);
        faults.AddRange(report.Violations.Select(each => $"{each.Rule}: {each.Subject} {each.Detail}"));
        if (report.UnfencedEvents > 0)
        {
            faults.Add($"{report.UnfencedEvents} events are unfenced");
        }

        foreach (var traffic in client.Traffic)
        {
            foreach (var entity in traffic.Entities)
            {
                var page = await inspection.ReadPageAsync(ProbeShards.PersistenceId(entity), 1, Page, CancellationToken.None);
                faults.AddRange(Compare(traffic, entity, [.. page.Events.Select(each => each.CommandId)]));
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults.Take(20)));
        Assert.NotEmpty(client.Acknowledged);
    }

    private static IEnumerable<string> Compare(ShardTraffic traffic, string entity, IReadOnlyList<string?> written)
    {
        var acknowledged = traffic.AcknowledgedOf(entity).Select(each => each.CommandId).ToList();
        var expected = traffic.Open is { } open && open.Entity == entity && written.Count > acknowledged.Count
            ? acknowledged.Append(open.CommandId)
            : acknowledged;
        if (!expected.SequenceEqual(written))
        {
            yield return $"{entity} has {written.Count} events, acknowledged were {acknowledged.Count}; "
                + $"lost: [{string.Join(' ', acknowledged.Except(written).Take(5))}], "
                + $"not acknowledged: [{string.Join(' ', written.Except(acknowledged).Take(5))}]";
        }
    }
}
