using System.CommandLine;

namespace AkkaScale.Pbm.Invocation;

/// <summary>What goes with every order, for whoever wonders about it later.</summary>
internal static class OrderOptions
{
    public static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why; shown by `pbm audit` and in the nodes' logs.",
        DefaultValueFactory = _ => "",
    };

    public static readonly Option<string> By = new("--by")
    {
        Description = "Who; default: the name of the user who runs pbm.",
        DefaultValueFactory = _ => Environment.UserName,
    };
}
