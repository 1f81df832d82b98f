using System.CommandLine;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Shards;

/// <summary>The shard that a command is about.</summary>
internal static class ShardArgument
{
    public static Argument<string> Create() => new("shard") { Description = "region/number, such as task/17.", HelpName = "region/n" };

    /// <exception cref="UsageException">Not of that form.</exception>
    public static ShardName Read(string text) => ShardName.Parse(text) ?? throw new UsageException($"{text} is not a shard such as task/17");
}
