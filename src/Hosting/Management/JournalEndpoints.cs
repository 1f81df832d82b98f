using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>An entity's events and the verification of a shard's journal.</summary>
internal static class JournalEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // The id comes last in the path of a sub-route, so a slash in it could not be told from the route; ids have none.
        endpoints.MapGet("/entities/{kind}/{id}/events", EventsAsync);
        endpoints.MapGet("/journal/stats", (ClusterInspection inspection, int? first, int? count, CancellationToken stop) =>
            OrderEndpoints.AnswerAsync(async () =>
            {
                var store = inspection.Session().Store;
                var shards = (await store.Cluster.ReadAsync(stop)).Identity.ShardCount;
                return await JournalStatistics.ReadAsync(store.Journal, shards, first ?? 0, count, stop);
            }));
        endpoints.MapGet("/journal/verify/{shard:int}", (int shard, ClusterInspection inspection, CancellationToken stop) =>
        {
            return ClusterEndpoints.AnswerAsync(async () =>
            {
                var store = inspection.Session().Store;
                var count = (await store.Cluster.ReadAsync(stop)).Identity.ShardCount;
                return shard >= 0 && shard < count
                    ? await JournalVerification.VerifyAsync(store.Journal, shard, count, stop)
                    : throw new BadHttpRequestException($"Shard {shard} is out of range: there are {count}.");
            });
        });
    }

    private static Task<IResult> EventsAsync(
        string kind, string id, ClusterInspection inspection, EntityKindRegistry kinds, long? after, int? limit, CancellationToken stop)
    {
        if (kinds.Find(kind) is null)
        {
            return Task.FromResult(ClusterEndpoints.UnknownKind(kind, kinds));
        }

        if (after is < 0 || limit is < 1 or > MaxLimit)
        {
            return Task.FromResult(Results.Problem(
                title: "Wrong page", detail: $"after must not be negative and limit must be 1 to {MaxLimit}.", statusCode: StatusCodes.Status400BadRequest));
        }

        return ClusterEndpoints.AnswerAsync(async () =>
        {
            var wanted = limit ?? DefaultLimit;
            var events = await inspection.Session().Store.Journal.ReadEntityAsync(new EntityKey(kind, id), after ?? 0, wanted, null, stop);
            return new EventsAnswer([.. events.Select(Show)], events.Count == wanted ? events[^1].SequenceNr : null);
        });
    }

    private static EventAnswer Show(JournalEvent row)
    {
        using var payload = JsonDocument.Parse(row.Payload);
        return new EventAnswer(
            row.SequenceNr, row.EventType, row.Shard, row.Position, row.Epoch, row.CommandId.ToString(), row.At, payload.RootElement.Clone());
    }
}
