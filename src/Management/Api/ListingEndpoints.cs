using System.Globalization;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Inspection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static AkkaScale.Management.Api.ManagementResults;

namespace AkkaScale.Management.Api;

/// <summary>Which entities are in memory, and which are busy.</summary>
internal static class ListingEndpoints
{
    private const int DefaultLimit = 100;
    private const int DefaultBusiest = 20;
    private const int MaxLimit = 1_000;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/entities", (EntityListing listing, string? kind, string? shard, string? after, int? limit, CancellationToken stop) =>
            Wish(kind, shard, after, limit) is { } wish
                ? AnswerAsync(() => listing.ListAsync(wish, stop))
                : Wrong($"shard is region/number, after the next of the page before, and limit 1 to {MaxLimit}."));
        endpoints.MapGet("/entities/busiest", (EntityListing listing, string? kind, int? limit, CancellationToken stop) => limit is < 1 or > MaxLimit
            ? Wrong($"limit must be 1 to {MaxLimit}.")
            : AnswerAsync(() => listing.BusiestAsync(kind, limit ?? DefaultBusiest, stop)));
    }

    private static EntityWish? Wish(string? kind, string? shard, string? after, int? limit)
    {
        ShardKey? key = null;
        if (shard is not null)
        {
            if (shard.Split('/') is not [{ Length: > 0 } region, var text]
                || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            key = new ShardKey(region, number);
        }

        var cursor = (after ?? "/").Split('/', 2);
        return limit is < 1 or > MaxLimit || cursor.Length < 2 ? null : new EntityWish(kind, key, cursor[0], cursor[1], limit ?? DefaultLimit);
    }

    private static Task<IResult> Wrong(string detail) =>
        Task.FromResult(Results.Problem(title: "Wrong page", detail: detail, statusCode: StatusCodes.Status400BadRequest));
}
