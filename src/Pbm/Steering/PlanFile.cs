using System.Text.Json;
using AkkaScale.Pbm.CommandLine;
using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Steering;

/// <summary>A plan on its way from `pbm shards plan --out` to `pbm shards apply`: the plan's JSON.</summary>
internal static class PlanFile
{
    private const long LargestFile = 16 * 1024 * 1024;

    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static async Task WriteAsync(string path, ShardPlan plan, CancellationToken cancellation)
    {
        try
        {
            await File.WriteAllTextAsync(path, JsonSerializer.Serialize(plan, ManagementJson.Default.ShardPlan) + "\n", cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the plan cannot be written: {failure.Message}");
        }
    }

    /// <exception cref="UsageException">No such file, or no plan that can be applied.</exception>
    public static async Task<ShardPlan> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestFile })
            {
                throw new UsageException($"{path} is too large for a plan");
            }

            var text = await File.ReadAllBytesAsync(path, cancellation).ConfigureAwait(false);
            return Check(JsonSerializer.Deserialize(text, ManagementJson.Default.ShardPlan) ?? throw new JsonException("null is no plan"), path);
        }
        catch (JsonException unreadable)
        {
            throw new UsageException($"{path} is no plan: {unreadable.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the plan cannot be read: {failure.Message}");
        }
    }

    /// <exception cref="UsageException">It does not tell at which epochs, or moves a shard twice.</exception>
    public static ShardPlan Check(ShardPlan plan, string where) =>
        plan.PlanId is null || plan.Moves is null || plan.Moves.Any(move => move?.Epoch is null || string.IsNullOrEmpty(move.To))
            ? throw new UsageException($"{where} is no plan that tells at which epochs its shards are to be moved, and cannot be applied")
        : plan.Moves.DistinctBy(move => move.Shard).Count() < plan.Moves.Count
            ? throw new UsageException($"{where} moves a shard twice")
        : plan;
}
