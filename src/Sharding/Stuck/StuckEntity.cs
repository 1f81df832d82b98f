using System.Globalization;

namespace AkkaScale.Sharding.Stuck;

/// <summary>An entity that does not let go of a message: nothing can stop it, so its shard cannot be handed over.</summary>
/// <param name="Node">Address of the member that it runs on.</param>
/// <param name="Region">Its kind.</param>
/// <param name="For">How long it has been at the message.</param>
internal sealed record StuckEntity(string Node, string Region, int Shard, string Id, TimeSpan For)
{
    /// <summary>The reason why its shard stays, for people.</summary>
    public string Word => string.Create(CultureInfo.InvariantCulture, $"{Region}/{Id} has been at one message for {For.TotalSeconds:0} s and cannot be stopped");
}
