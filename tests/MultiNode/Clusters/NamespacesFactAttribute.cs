using AkkaScale.TestKit.Networks;

namespace AkkaScale.Tests.MultiNode.Clusters;

/// <summary>A fact that needs a network of its own. Where the machine does not permit one the test is skipped, with the reason, and counted so.</summary>
internal sealed class NamespacesFactAttribute : FactAttribute
{
    public NamespacesFactAttribute() => Skip = SpecNetwork.WhyNot;
}
