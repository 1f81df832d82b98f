using AkkaScale.Cluster.Members;

namespace AkkaScale.Cluster.Joining;

/// <summary>What a process that is to become a member knows.</summary>
/// <param name="Own">Its incarnation.</param>
/// <param name="Address">Its address of remoting.</param>
/// <param name="Contacts">What contact points answered.</param>
/// <param name="Waited">Since this process first asked.</param>
internal sealed record JoinView(
    ClusterReading Reading, string Own, string Address, IReadOnlyList<ContactAnswer> Contacts, TimeSpan Waited);

/// <summary>What one contact point answered.</summary>
/// <param name="Source">Address of remoting of the process that answered.</param>
/// <param name="SeedNodes">Addresses to join.</param>
/// <param name="Members">Addresses of all members that it knows, in whatever state.</param>
internal sealed record ContactAnswer(string Source, IReadOnlyList<string> SeedNodes, IReadOnlyList<string> Members);
