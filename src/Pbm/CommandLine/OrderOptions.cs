using System.CommandLine;

namespace AkkaScale.Pbm.CommandLine;

/// <summary>What goes with every order, for whoever wonders about it later.</summary>
internal static class OrderOptions
{
    public static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why; shown by `pbm shards why` and in the nodes' logs.",
        DefaultValueFactory = _ => "",
    };

    public static readonly Option<string> By = new("--by")
    {
        Description = "Who; default: the name of the user who runs pbm.",
        DefaultValueFactory = _ => Environment.UserName,
    };

    public static readonly Argument<int> Shard = new("shard") { Description = "Number of the shard, from 0.", HelpName = "n" };
}
