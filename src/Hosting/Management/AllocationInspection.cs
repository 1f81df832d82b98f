using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Facts;
using AkkaScale.Hosting.Options;
using AkkaScale.Hosting.Steering;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Allocation;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Hosting.Management;

/// <summary>What the coordinator would do now, and why a shard is where it is.</summary>
internal sealed class AllocationInspection(ClusterInspection inspection, AkkaScaleOptions options, TimeProvider time)
{
    private static readonly TimeSpan CoordinatorTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseBetweenLooks = TimeSpan.FromMilliseconds(100);
    private const int Looks = 10;

    /// <exception cref="OrderRefusedException">There is no coordinator that answers.</exception>
    public async Task<PlanAnswer> PlanAsync(CancellationToken cancellationToken)
    {
        var session = inspection.Session();
        var reading = await session.Store.Cluster.ReadAsync(cancellationToken);
        if (reading.Coordinator.Holder is not { } holder)
        {
            throw new OrderRefusedException(StatusCodes.Status503ServiceUnavailable, "There is no coordinator at the moment: ask again.");
        }

        var name = NameOf(reading, holder);
        var preview = await PreviewAsync(session, reading, holder, name, cancellationToken);
        var costs = await MoveCosts.ReadAsync(session, reading, [.. preview.Shown.Select(move => move.Shard)], cancellationToken);
        var moves = preview.Shown.Select(move => new PlanMoveAnswer(
            move.Shard, move.From, move.To, move.Reason, move.AtOnce, move.Epoch ?? reading.Owners[move.Shard].Epoch,
            costs.Entities(move.Shard), costs.Bytes(move.Shard), costs.PauseSeconds(move.Shard))).ToArray();
        return new PlanAnswer(
            IdOf(moves), time.GetUtcNow(), name, preview.Allocation, options.Allocation.Rebalance, preview.LoadsKnown, preview.Moves == 0, preview.Moves,
            preview.AtOnce, preview.Members, moves);
    }

    /// <summary>
    /// The coordinator reads the store a few times a second, so that it may not know an order that was given a moment ago: a plan right after it would be that
    /// of the time before. It has a second to notice.
    /// </summary>
    /// <exception cref="OrderRefusedException">There is no plan yet, or no answer.</exception>
    private async Task<AllocationPreview> PreviewAsync(
        NodeSession session, ClusterReading reading, Incarnation holder, string name, CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            var preview = holder == session.Self.Incarnation ? session.Preview() : await AskAsync(session, holder, name, cancellationToken);
            if (preview is null)
            {
                throw new OrderRefusedException(StatusCodes.Status503ServiceUnavailable, $"Node {name} is about to become coordinator and has no plan yet: ask again.");
            }

            if (look == Looks || IsOf(reading, preview))
            {
                return preview;
            }

            await Task.Delay(PauseBetweenLooks, time, cancellationToken);
        }
    }

    /// <summary>It was made for these members under these orders.</summary>
    internal static bool IsOf(ClusterReading reading, AllocationPreview preview)
    {
        var orders = reading.Orders.ToDictionary(order => order.NodeName, order => OrderChecks.Text(order.Kind), StringComparer.Ordinal);
        return reading.Members.Where(member => member.Status == MemberStatus.Up && member.HasRole(MemberSnapshot.EntityRole))
            .Select(member => (member.NodeName, Order: orders.GetValueOrDefault(member.NodeName)))
            .OrderBy(member => member.NodeName, StringComparer.Ordinal)
            .SequenceEqual(preview.Members.Select(member => (member.Name, member.Order))
                .OrderBy(member => member.Name, StringComparer.Ordinal));
    }

    private static string IdOf(IEnumerable<PlanMoveAnswer> moves)
    {
        var text = string.Join('\n', moves.Select(move => string.Create(CultureInfo.InvariantCulture, $"{move.Shard} {move.Epoch} {move.From} {move.To}")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    /// <exception cref="OrderRefusedException">No such shard.</exception>
    public async Task<WhyAnswer> WhyAsync(int shard, CancellationToken cancellationToken)
    {
        var store = inspection.Session().Store;
        var reading = await store.Cluster.ReadAsync(cancellationToken);
        OrderChecks.CheckShard(reading, shard);
        var decisions = await store.Cluster.ReadDecisionsAsync(shard, cancellationToken);
        var owners = await store.Journal.ReadOwnershipAsync(shard, cancellationToken);
        var owner = reading.Owners[shard];
        var target = reading.Targets.FirstOrDefault(target => target.Shard == shard);
        var pin = reading.Pins.FirstOrDefault(pin => pin.Shard == shard);
        return new WhyAnswer(
            shard,
            owner.Owner is { } holder ? NameOf(reading, holder) : null,
            owner.Owner?.ToString(),
            owner.Epoch,
            target is null ? null : NameOf(reading, target.Target),
            target?.Reason,
            pin is null ? null : NodeOrders.Show(pin),
            [
                .. decisions.Select(decision => new DecisionAnswer(
                    decision.Nr, NameOf(reading, decision.Target), decision.Reason, NameOf(reading, decision.DecidedBy), decision.Term, decision.At,
                    Figures(decision.Numbers))),
            ],
            [.. owners.Reverse().Select(record => new OwnershipAnswer(record.Epoch, NameOf(reading, record.Owner), record.AcquiredBy, record.At))]);
    }

    private static async Task<AllocationPreview?> AskAsync(NodeSession session, Incarnation holder, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await session.Allocation.AskPreviewAsync(holder, CoordinatorTimeout, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new OrderRefusedException(StatusCodes.Status503ServiceUnavailable, $"The coordinator, node {name}, does not answer: ask again, or ask that node.");
        }
    }

    private static string NameOf(ClusterReading reading, Incarnation incarnation) =>
        reading.Members.FirstOrDefault(member => member.Incarnation == incarnation)?.NodeName ?? incarnation.ToString();

    private static JsonElement? Figures(string numbers)
    {
        if (numbers.Length == 0)
        {
            return null;
        }

        using var document = JsonDocument.Parse(numbers);
        return document.RootElement.Clone();
    }
}
