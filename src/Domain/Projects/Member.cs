namespace AkkaScale.Domain.Projects;

/// <summary>One user's part in a project.</summary>
public readonly record struct Member(string User, MemberRole Role);
