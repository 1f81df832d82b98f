using AkkaScale.Cluster.Options;

namespace AkkaScale.Cluster.Liveness;

internal abstract record LivenessEffect
{
    private LivenessEffect()
    {
    }

    /// <summary>Renew on the session at hand; answered by Renewed or Broken.</summary>
    internal sealed record Renew : LivenessEffect
    {
        public static readonly Renew Instance = new();
    }

    /// <summary>Dispose of the session and resume on another; answered by Resumed or Broken.</summary>
    internal sealed record Reconnect : LivenessEffect
    {
        public static readonly Reconnect Instance = new();
    }

    /// <summary>Say on the session at hand that the process left; answered by HasLeft or Broken.</summary>
    internal sealed record Leave(string Reason) : LivenessEffect;

    /// <summary>The process may serve until then. It may be a time that has passed.</summary>
    internal sealed record DeadlineMoved(TimeSpan Until) : LivenessEffect;

    /// <summary>The process may not go on.</summary>
    internal sealed record End(NodeEnd Why, string Reason) : LivenessEffect;
}
